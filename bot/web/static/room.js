// The rehearsal room's page: it posts what somebody does, and shows what the web socket tells. The page itself is
// drawn by the server; nothing here makes HTML out of anybody's words.

const me = document.body.dataset.me;
const view = document.body.dataset.view;
const $ = (id) => document.getElementById(id);
const messages = $("messages");
const composer = $("composer");
const conversation = $("conversation")?.dataset.conversation;

// ---------------------------------------------------------------- talking to the room

async function post(path, body) {
  const sent = body instanceof FormData ? { body } : {
    body: JSON.stringify(body), headers: { "Content-Type": "application/json" },
  };
  let answer;
  try {
    answer = await fetch(`/as/${me}/${path}`, { method: "POST", ...sent });
  } catch {
    throw new Error("The room cannot be reached. What you typed is still here: try again in a moment.");
  }
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(told.error || "That did not work. Please try again.");
  return told;
}

async function attempt(action, control) {
  $("trouble").hidden = true;
  control?.setAttribute("aria-busy", "true");
  try {
    return await action();
  } catch (error) {
    $("trouble").textContent = error.message;
    $("trouble").hidden = false;
    return undefined;
  } finally {
    control?.removeAttribute("aria-busy");
  }
}

$("trouble").addEventListener("click", () => { $("trouble").hidden = true; });

// ---------------------------------------------------------------- the conversation

const log = document.querySelector(".log");
const isAtEnd = () => !log || log.scrollHeight - log.scrollTop - log.clientHeight < 120;
const toEnd = () => { if (log) log.scrollTop = log.scrollHeight; };

function fromHtml(html) {
  const box = document.createElement("template");
  box.innerHTML = html.trim(); // drawn and escaped by the server
  return box.content.firstElementChild;
}

function layDays() {
  if (!messages) return;
  messages.querySelectorAll(":scope > .day").forEach((line) => line.remove());
  let last = "";
  for (const line of [...messages.children]) {
    if (line.dataset.day !== last) {
      last = line.dataset.day;
      const day = document.createElement("li");
      day.className = "day";
      day.textContent = last;
      line.before(day);
    }
  }
}

function showMessage(news) {
  const fresh = fromHtml(news.html);
  const stays = isAtEnd() || fresh.classList.contains("own");
  const old = $(`m-${news.id}`);
  if (old) {
    fresh.querySelector(".replies").replaceChildren(...old.querySelector(".replies").children);
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const label = focused?.textContent;
    old.replaceWith(fresh);
    if (label) [...fresh.querySelectorAll("button")].find((button) => button.textContent === label)?.focus();
  } else {
    const under = news.thread && $(`m-${news.thread}`)?.querySelector(".replies");
    (under || messages).append(fresh);
  }
  document.querySelector(".nothing")?.setAttribute("hidden", "");
  layDays();
  if (stays) toEnd();
}

function countUnread(target) {
  const tab = document.querySelector(`.tab[data-view="${target}"]`);
  const count = tab?.querySelector(".count");
  if (!count) return;
  count.textContent = String(Number(count.textContent || 0) + 1);
  count.setAttribute("aria-label", `${count.textContent} new`);
  count.hidden = false;
}

// What the server says of something now; nothing while it cannot be reached (the socket will say when it can).
async function look(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

async function refresh(id) {
  const drawn = await look(location.href);
  if (!drawn) return;
  const page = new DOMParser().parseFromString(drawn, "text/html");
  const [here, there] = [$(id), page.getElementById(id)];
  if (here && there && here.innerHTML !== there.innerHTML) here.replaceChildren(...there.childNodes);
}

// Something changed, perhaps much at once: look again when it has settled.
let waiting = 0;
function lookAgainSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (view === "wall" || view === "home") refresh(view);
    showClock();
  }, 150);
}

// ---------------------------------------------------------------- news

function hear(news) {
  switch (news.kind) {
    case "message":
      if (news.conversation === conversation) showMessage(news);
      else countUnread(news.conversation === "team" ? "team" : "dm");
      break;
    case "gone":
      $(`m-${news.id}`)?.remove();
      layDays();
      break;
    case "elsewhere":
      document.querySelectorAll(`[data-person="${news.person}"] .dot`).forEach((dot) => { dot.hidden = false; });
      break;
    case "home":
      if (view === "home" && $("home").innerHTML !== news.html) $("home").innerHTML = news.html; // drawn by the server
      break;
    case "clock":
    case "wall":
      lookAgainSoon();
      break;
    case "again":
      location.reload();
      break;
  }
}

let patience = 500;
let connectedBefore = false;
function connect() {
  const since = connectedBefore ? "" : `?heard=${document.body.dataset.heard}`;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/as/${me}/live${since}`);
  socket.addEventListener("open", async () => {
    patience = 500;
    $("connection").hidden = true;
    if (connectedBefore) {
      await refresh(view === "dm" || view === "team" ? "messages" : view);
      layDays();
      showClock();
    }
    connectedBefore = true;
    document.body.dataset.live = "yes";
  });
  socket.addEventListener("message", (event) => hear(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    document.body.dataset.live = "no";
    $("connection").hidden = false;
    setTimeout(connect, patience);
    patience = Math.min(patience * 2, 8000);
  });
}

// ---------------------------------------------------------------- the clock

const clock = document.querySelector(".clock");
let shows = new Date(clock.dataset.now).getTime() - Date.now();

function tick() {
  const now = new Date(Date.now() + shows);
  const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: clock.dataset.zone, ...options }).format(now);
  const words = `${part({ weekday: "short" })} ${part({ day: "numeric" })} ${part({ month: "short" })} ` +
    `${part({ year: "numeric" })}, ${part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`;
  if ($("wall-time").textContent !== words) {
    $("wall-time").textContent = words;
    $("wall-time").dateTime = now.toISOString();
  }
}

async function showClock() {
  const face = await look(`/as/${me}/clock`);
  if (face) setClock(JSON.parse(face));
}

function setClock(face) {
  shows = new Date(face.now).getTime() - Date.now();
  clock.dataset.zone = face.zone;
  $("stage").textContent = face.stage;
  for (const [id, move, when] of [
    ["next-thing", "next_thing", face.next_thing], ["next-session", "next_session", face.next_session],
  ]) {
    $(id).textContent = when;
    document.querySelector(`[data-move="${move}"]`).disabled = !when;
  }
  tick();
}

clock.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-move]");
  if (!button) return;
  const face = await attempt(() => post("clock", { move: button.dataset.move }), button);
  if (face) setClock(face);
});

$("set-clock").addEventListener("click", () => {
  const now = new Date(Date.now() + shows);
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: clock.dataset.zone, dateStyle: "short", timeStyle: "short" });
  $("clock-to").value = day.format(now).replace(" ", "T");
  $("clock-dialog").returnValue = "no";
  $("clock-dialog").showModal();
});

$("clock-dialog").addEventListener("close", async () => {
  if ($("clock-dialog").returnValue !== "go") return;
  const face = await attempt(() => post("clock", { to: $("clock-to").value }), $("set-clock"));
  if (face) setClock(face);
});

// ---------------------------------------------------------------- starting again

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-again]")) return;
  $("again-dialog").returnValue = "no";
  $("again-dialog").showModal();
});

$("again-dialog").addEventListener("close", () => {
  const chosen = $("again-dialog").returnValue;
  if (chosen === "sample" || chosen === "nothing") attempt(() => post("again", { with: chosen }));
});

// ---------------------------------------------------------------- forms and buttons

const formDialog = $("form-dialog");
let token = "";

function showForm(told) {
  if (!told.form) {
    if (formDialog.open) formDialog.close();
    return;
  }
  token = told.token || token;
  formDialog.replaceChildren(fromHtml(told.form));
  const title = formDialog.querySelector("h2");
  if (title) formDialog.setAttribute("aria-label", title.textContent);
  if (!formDialog.open) formDialog.showModal();
  const wrong = formDialog.querySelector("[aria-invalid]");
  const first = formDialog.querySelector("input:not([type=hidden]), textarea, select, button");
  ((wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong) || first)?.focus();
}

formDialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = formDialog.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy")) return;
  const told = await attempt(() => post(`form/${token}`, new FormData(event.target)), button);
  if (told) showForm(told);
});

formDialog.addEventListener("click", (event) => {
  if (event.target.closest("[data-cancel]")) formDialog.close();
});

function ask(button) {
  const { confirm, confirmTitle, confirmYes, confirmNo } = button.dataset;
  if (!confirm) return Promise.resolve(true);
  $("confirm-title").textContent = confirmTitle;
  $("confirm-question").textContent = confirm;
  $("confirm-yes").textContent = confirmYes;
  $("confirm-no").textContent = confirmNo;
  const dialog = $("confirm-dialog");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-action]");
  if (!button || button.getAttribute("aria-busy") || !(await ask(button))) return;
  const { action, value } = button.dataset;
  const message = button.closest(".message")?.dataset.message || "";
  const told = await attempt(() => post("press", { message, action, value: value || "" }), button);
  if (told) showForm(told);
});

// ---------------------------------------------------------------- what can be done with a message

function closeMenus(except) {
  document.querySelectorAll('[data-do="menu"][aria-expanded="true"]').forEach((button) => {
    if (button === except) return;
    button.setAttribute("aria-expanded", "false");
    $(button.getAttribute("aria-controls")).hidden = true;
  });
}

const doings = {
  menu(line, button) {
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    const menu = $(button.getAttribute("aria-controls"));
    menu.hidden = !opens;
    if (opens) {
      menu.querySelector("button").focus();
      menu.scrollIntoView({ block: "nearest" });
    }
  },
  reply(line) {
    const replying = $("replying");
    replying.querySelector("span").textContent = `Replying to ${line.querySelector(".by strong").textContent}`;
    replying.hidden = false;
    composer.dataset.thread = line.dataset.message;
    $("words").focus();
  },
  edit(line) {
    const words = line.querySelector(".words");
    const box = document.createElement("form");
    box.className = "mend";
    const field = document.createElement("textarea");
    field.value = words.textContent;
    field.setAttribute("aria-label", "Edit your message");
    const save = Object.assign(document.createElement("button"), {
      type: "submit", className: "button primary", textContent: "Save" });
    const leave = Object.assign(document.createElement("button"), {
      type: "button", className: "button plain", textContent: "Cancel" });
    box.append(field, save, leave);
    words.hidden = true;
    words.after(box);
    field.focus();
    const close = () => { box.remove(); words.hidden = false; };
    leave.addEventListener("click", close);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (isSend(event)) { event.preventDefault(); box.requestSubmit(); }
    });
    box.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (await attempt(() => post("edit", { message: line.dataset.message, words: field.value }), save)) close();
    });
  },
  delete(line) {
    attempt(() => post("delete", { message: line.dataset.message }));
  },
  pin(line) {
    attempt(() => post("pin", { message: line.dataset.message }));
  },
  async point(line, button) {
    const told = await attempt(() => post("point", {
      message: line.dataset.message, shortcut: button.dataset.shortcut }));
    if (told) showForm(told);
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  closeMenus(button?.dataset.do === "menu" ? button : undefined);
  if (button) doings[button.dataset.do](button.closest(".message"), button);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector('[data-do="menu"][aria-expanded="true"]');
  if (open) { closeMenus(); open.focus(); }
});

// ---------------------------------------------------------------- the composer

const isSend = (event) => event.key === "Enter" && !event.shiftKey && !event.isComposing;

if (composer) {
  const words = $("words");
  const list = $("suggestions");
  const commands = JSON.parse(composer.dataset.commands);
  const draft = `draft:${me}:${conversation}`;
  let chosen = -1;

  const fit = () => {
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight + 2, 220)}px`;
  };

  const offered = () => {
    const typed = words.value.toLowerCase();
    if (!typed.startsWith("/") || typed.includes("\n")) return [];
    const short = typed.replace(/^\/baseroom /, "/");
    return commands.filter((one) => {
      const known = one.typed.trim();
      return known.startsWith(typed.trimEnd()) && one.typed !== words.value
        || `/${known.replace("/baseroom ", "")}`.startsWith(short) && one.typed !== words.value;
    });
  };

  const suggest = () => {
    const found = offered();
    chosen = -1;
    list.replaceChildren(...found.map((one, number) => {
      const line = document.createElement("li");
      line.id = `suggestion-${number}`;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.typed = one.typed;
      const name = document.createElement("b");
      name.textContent = `${one.typed.trim()} ${one.usage}`.trim();
      const told = document.createElement("span");
      told.textContent = one.summary;
      line.append(name, told);
      return line;
    }));
    list.hidden = !found.length;
    words.setAttribute("aria-expanded", String(found.length > 0));
    words.removeAttribute("aria-activedescendant");
  };

  const mark = (number) => {
    const lines = [...list.children];
    chosen = (number + lines.length) % lines.length;
    lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === chosen)));
    lines[chosen].scrollIntoView({ block: "nearest" });
    words.setAttribute("aria-activedescendant", lines[chosen].id);
  };

  const take = (line) => {
    words.value = line.dataset.typed;
    suggest();
    words.focus();
  };

  const stopReplying = () => {
    delete composer.dataset.thread;
    $("replying").hidden = true;
  };

  words.value = sessionStorage.getItem(draft) || "";
  words.addEventListener("input", () => {
    sessionStorage.setItem(draft, words.value);
    fit();
    suggest();
  });

  words.addEventListener("keydown", (event) => {
    if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      mark(chosen < 0 && event.key === "ArrowUp" ? -1 : chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (!list.hidden && (event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (!list.hidden && event.key === "Escape") {
      list.hidden = true;
      words.setAttribute("aria-expanded", "false");
    } else if (isSend(event)) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  list.addEventListener("mousedown", (event) => {
    const line = event.target.closest("li");
    if (line) { event.preventDefault(); take(line); }
  });

  // Messages go out one after the other, in the order they were typed; one that cannot be sent comes back.
  let sending = Promise.resolve();
  composer.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = words.value;
    if (!said.trim()) return;
    const body = { conversation, words: said, thread: composer.dataset.thread || "" };
    words.value = "";
    stopReplying();
    fit();
    suggest();
    sending = sending.then(async () => {
      const told = await attempt(() => post("say", body));
      if (told) showForm(told);
      else words.value = words.value ? `${said}\n${words.value}` : said;
      sessionStorage.setItem(draft, words.value);
      fit();
    });
  });

  composer.querySelector("[data-cancel-reply]").addEventListener("click", stopReplying);
  fit();
}

layDays();
toEnd();
setInterval(tick, 1000);
connect();
