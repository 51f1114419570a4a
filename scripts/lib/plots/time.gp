# time: what happened when: requests and tokens per second, and requests in flight.
stats $time using ($2 > $3 ? $2 : $3) name "ok" nooutput
stats $time using 4 name "tokens" nooutput
stats $time using 5 name "flight" nooutput
set xrange [0:seconds]
set yrange [0:*]
set style fill transparent solid 0.18 noborder
set tmargin 1.2
# Between them the run was steady; at the very ends there is nothing to mark.
if (begins > seconds / 200.0) { set arrow 3 from begins, graph 0 to begins, graph 1 nohead front lw 1 dt (4, 3) lc rgb mark }
if (ends < seconds * 199 / 200.0) { set arrow 4 from ends, graph 0 to ends, graph 1 nohead front lw 1 dt (4, 3) lc rgb mark }
do for [form in "wide narrow"] {
	if (form eq "wide") {
		set terminal svg size 1120,170 dynamic font "sans,13"
		set xtics tics(seconds, 12)
	}
	if (form eq "narrow") {
		set terminal svg size 360,170 dynamic font "sans,13"
		set xtics tics(seconds, 5)
	}
	set xlabel "s" textcolor rgb ink offset 0,0.6
	set output sprintf("%s/requests_%s.svg", out, form)
	set ytics tics(ok_max, 4)
	plot $time using 1:2 with fillsteps lc rgb one, $time using 1:2 with steps lw 1.5 lc rgb one, \
		$time using ($1 + slice / 2):($3 > 0 ? $3 : NaN):(slice * 0.6) with boxes fs solid 0.9 lc rgb bad
	set ytics tics(tokens_max, 4)
	set output sprintf("%s/tokens_%s.svg", out, form)
	plot $time using 1:4 with fillsteps lc rgb one, $time using 1:4 with steps lw 1.5 lc rgb one
	set ytics tics(flight_max, 4)
	set output sprintf("%s/flight_%s.svg", out, form)
	plot $time using 1:5 with fillsteps lc rgb two, $time using 1:5 with steps lw 1.5 lc rgb two
}
unset arrow
unset output
