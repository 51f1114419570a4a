# style: how all plots look:  gnuplot -c style.gp DATA OUTDIR LIBDIR
#
# DATA (what data.jq printed) sets numbers and data blocks and loads the other files here.
# A plot is drawn for a column, 360 units wide; over time also for a wide page, so that
# letters keep their size on a phone.  The colours are names: svg.sed turns each into a
# variable of the page's style, for light and dark.
data = ARG1
out = ARG2
lib = ARG3
ink = "#010203"; grid = "#010204"; one = "#010205"; two = "#010206"; bad = "#010207"; mark = "#010208"

set border 1 lw 1 lc rgb grid
set xtics nomirror out scale 0.3,0 textcolor rgb ink
set ytics nomirror scale 0 textcolor rgb ink
set grid ytics lt 1 lw 1 lc rgb grid
set key off
set style fill solid 1.0 noborder
set datafile missing "NaN"
set lmargin 6
set rmargin 2
set bmargin 3
# Steps between tics: 1, 2 or 5 times a power of ten, about n of them up to x.
ten(x) = 10.0 ** floor(log10(x))
nice(x) = x / ten(x) <= 1 ? ten(x) : x / ten(x) <= 2 ? 2 * ten(x) : x / ten(x) <= 5 ? 5 * ten(x) : 10 * ten(x)
tics(x, n) = x > 0 ? nice(1.0 * x / n) : 1
nines(p) = -log10(1 - p / 100.0)
load data
