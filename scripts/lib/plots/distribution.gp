# distribution: a histogram, and the percentile curve with an axis that widens the tail.
set terminal svg size 360,210 dynamic font "sans,13"

set output sprintf("%s/%s_hist.svg", out, name)
set tmargin 2
stats $hist using 2 nooutput
set xrange [first:first + width * |$hist|]
set yrange [0:*]
set xtics tics(width * |$hist|, 5)
set ytics tics(STATS_max, 4)
set xlabel unit textcolor rgb ink offset 0,0.6
# p50 stands left of its line, unless the axis is there; p95 right of its own, if there is room.
range = width * |$hist|
if (p50 - first > range * 0.14) {
	set label 1 "p50" at p50, graph 1.07 right offset -0.4,0 textcolor rgb mark
} else {
	set label 1 "p50" at p50, graph 1.07 left offset 0.4,0 textcolor rgb mark
}
if (p50 - first > range * 0.14 || p95 - p50 > range * 0.18) {
	set label 2 "p95" at p95, graph 1.07 left offset 0.4,0 textcolor rgb mark
}
set arrow 1 from p50, graph 0 to p50, graph 1.1 nohead front lw 1 dt (4, 3) lc rgb mark
set arrow 2 from p95, graph 0 to p95, graph 1.1 nohead front lw 1 dt (4, 3) lc rgb mark
plot $hist using ($1 + width / 2):2:(width * 0.86) with boxes lc rgb one
unset label
unset arrow

set output sprintf("%s/%s_curve.svg", out, name)
stats $curve using 2 nooutput
set xrange [0:nines(last)]
set ytics tics(STATS_max, 4)
set xtics ("0" 0, "50" nines(50), "90" 1, "99" 2, "99.9" 3, "99.99" 4)
set xlabel "percentile" textcolor rgb ink offset 0,0.6
set label 1 unit at graph 0, graph 1.17 left offset -2.5,0 textcolor rgb ink
plot $curve using (nines($1)):2 with lines lw 2 lc rgb one
unset label
unset output
