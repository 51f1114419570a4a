# rows: one row a request: waiting for the first token, streaming, failed.
thick = rows > 60 ? 3 : rows > 30 ? 5 : 7
set xrange [0:seconds]
set yrange [rows - 0.3:-0.7]
set xlabel "s" textcolor rgb ink offset 0,0.6
unset ytics
set grid xtics lt 1 lw 1 lc rgb grid
set lmargin 1
set tmargin 0.5
high = 60 + rows * (thick + 2)
do for [form in "wide narrow"] {
	if (form eq "wide") {
		set terminal svg size 1120,high dynamic font "sans,13"
		set xtics tics(seconds, 12)
	}
	if (form eq "narrow") {
		set terminal svg size 360,high dynamic font "sans,13"
		set xtics tics(seconds, 5)
	}
	set output sprintf("%s/rows_%s.svg", out, form)
	# due, sent, first token, last output, failed at: columns 2 to 6
	plot $rows using 2:1:($4 - $2):(0) with vectors nohead lw thick lc rgb two, \
		$rows using 4:1:($5 - $4):(0) with vectors nohead lw thick lc rgb one, \
		$rows using 2:1:($6 - $2):(0) with vectors nohead lw thick dt (3, 1) lc rgb bad
}
unset output
