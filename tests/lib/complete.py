#!/usr/bin/env python3
"""complete.py bash|zsh START: what a real shell at a terminal makes of lines that end in TAB.

START is a file of commands that the shell reads first.  Each line of stdin is typed, then TAB; of each one
JSON line is printed: {"line": what stands in the line then, "shown": what was written below it}.  The shell
says itself when it is done, so that nothing here depends on how fast it is.  Exit status 1 when it says
nothing for a minute.
"""
import json
import os
import pty
import re
import select
import sys

LIMIT_S = 60
BASH = """
PS1='type> '
bind 'set show-all-if-ambiguous on'
bind 'set enable-bracketed-paste off'
bind 'set page-completions off'
bind 'set completion-query-items 0'
bind 'set bell-style none'
_report() { printf '<LINE>%s</LINE>\\n' "$READLINE_LINE"; READLINE_LINE=; READLINE_POINT=0; }
bind -x '"\\C-x\\C-r": _report'
"""
ZSH = """
PS1='type> '
bindkey -e
unsetopt beep
LISTMAX=100000
_report() { zle complete-word; _report_line; }
_report_line() { zle -R; print -r "<LINE>$BUFFER</LINE>"; BUFFER=; }
zle -N _report
bindkey '^I' _report
"""


class Shell:
    def __init__(self, argv):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(TERM="dumb", COLUMNS="200", LINES="200", HISTFILE="/dev/null")
            os.execvp(argv[0], argv)
        self.seen = ""

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, pattern):
        while True:
            found = re.search(pattern, self.seen, re.S)
            if found:
                before = self.seen[:found.start()]
                self.seen = self.seen[found.end():]
                return before, found
            if not select.select([self.fd], [], [], LIMIT_S)[0]:
                sys.exit(f"complete.py: the shell does not answer; it said: {self.seen!r}")
            self.seen += os.read(self.fd, 65536).decode("utf-8", "replace")


def start(name, commands):
    shell = Shell({"bash": ["bash", "--noprofile", "--norc", "-i"], "zsh": ["zsh", "-f", "-i"]}[name])
    with open("complete.start", "w", encoding="utf-8") as f:
        with open(commands, encoding="utf-8") as given:
            f.write(given.read() + (BASH if name == "bash" else ZSH) + "echo rea''dy\n")
    shell.send(". ./complete.start\n")
    shell.until(r"ready\r?\n.*type> ")
    return shell


def main():
    name, commands = sys.argv[1:]
    shell = start(name, commands)
    for line in sys.stdin.read().splitlines():
        shell.send(line + "\t" + ("\x18\x12" if name == "bash" else ""))
        shown, found = shell.until(r"<LINE>(.*?)</LINE>")
        print(json.dumps({"line": found[1], "shown": re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\x07", "", shown)}))
    shell.send("exit\n")


main()
