# svg: a plot of gnuplot's as a part of a page: no prologue, no definitions, no fonts of its
# own, and colours that the page's style knows.  (style.gp has their names.)
/^<?xml/d
/^<svg/,/^>/{
	/viewBox/!d
	s/.*viewBox="\([^"]*\)".*/<svg viewBox="\1" aria-hidden="true" focusable="false">/
}
s/<title>[^<]*<\/title>//
/^<desc>/d
/^<rect .*fill="none"\/>/d
/^<defs>/,/^<\/defs>/d
/^$/d
s/ id="[^"]*"//g
s/ color="[^"]*"//g
s/ font-family="[^"]*"//g
s/'/"/g
s/rgb( *1, *2, *3)/var(--ink-2)/g
s/rgb( *1, *2, *4)/var(--grid)/g
s/rgb( *1, *2, *5)/var(--one)/g
s/rgb( *1, *2, *6)/var(--two)/g
s/rgb( *1, *2, *7)/var(--bad)/g
s/rgb( *1, *2, *8)/var(--ink)/g
s/^[	 ]*//
