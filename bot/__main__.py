"""`python -m bot` is the `baseroom` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
