# telemetry: one or two kinds of samples over time, wide and narrow.
set style fill solid 1.0 noborder
set xrange [0:seconds]
set yrange [0:*]
set tmargin 1.2
unset label
unset arrow
set lmargin 6
unset grid
set grid ytics lt 1 lw 1 lc rgb grid
set ytics nomirror scale 0 textcolor rgb ink
stats $first using 2 name "first" nooutput
set ytics tics(first_max > 0 ? first_max : 1, 4)
set xlabel "s" textcolor rgb ink offset 0,0.6
do for [form in "wide narrow"] {
	if (form eq "wide") {
		set terminal svg size 1120,170 dynamic font "sans,13"
		set xtics tics(seconds, 12)
	}
	if (form eq "narrow") {
		set terminal svg size 360,170 dynamic font "sans,13"
		set xtics tics(seconds, 5)
	}
	set output sprintf("%s/%s_%s.svg", out, name, form)
	plot $first using 1:2 with lines lw 1.5 lc rgb one, $second using 1:2 with lines lw 1.5 lc rgb two
}
unset output
