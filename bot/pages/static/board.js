// The wall on a screen stays as it is in the base room: it asks every five seconds, and says when it no longer may.

const board = document.getElementById("board");
const trouble = document.getElementById("trouble");
const EVERY = 5000;

function say(words) {
  trouble.textContent = words;
  trouble.hidden = words === "";
}

async function again() {
  try {
    const answer = await fetch("/wall/charts", { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.status === 401 || answer.status === 410) {
      board.replaceChildren();
      say("This screen was closed. To open it again, type “screen” to Baseroom.");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = await answer.text();
    if (drawn !== board.dataset.drawn) {
      board.innerHTML = drawn; // our own page: the templates have escaped every word
      board.dataset.drawn = drawn;
    }
    say("");
  } catch {
    say("Baseroom cannot be reached. What you see may be old; trying again.");
  }
  setTimeout(again, EVERY);
}

setTimeout(again, EVERY);
