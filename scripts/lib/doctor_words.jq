# doctor_words: one line of a diagnosis, and the facts that it is made of ($ARGS.named.facts, see facts.sh).

def line($status; $section; $what; $mend; $exit):
  {$status, $section, what: ($what | gsub("[\\t\\n]+"; " ")), mend: (if $mend then $mend | gsub("[\\t\\n]+";
    " ") else null end), $exit};
def ok($section; $what): line("ok"; $section; $what; null; 0);
def warn($section; $what; $mend): line("warn"; $section; $what; $mend; 0);
def bad($exit; $section; $what; $mend): line("bad"; $section; $what; $mend; $exit);

def fact($name): $ARGS.named.facts[0][$name];
def fact($name; $other): fact($name), fact($other);

# unknown($name): it was not answered; why($name): in kubectl's words, without its own name for it.
def unknown($name): fact($name) == null or (fact($name) | type == "object" and has("error"));
def why($name): fact($name).error // "not asked" | sub("^(Error from server|error)( \\([A-Za-z]+\\))?: "; "");

def cfg($name): $ARGS.named.settings[0].values[$name] // "";
# Were the settings meant for a stack, or is nobody's choice among them?
def chosen: $ARGS.named.chosen;

def number($n; $what): "\($n) \($what)\(if $n == 1 then "" else "s" end)";
