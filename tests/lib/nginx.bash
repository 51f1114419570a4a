# A private nginx in the test's directory, in front of a server: one process, ended by its number.
# shellcheck disable=SC2034 # all of it is for the tests

# certificates: an authority of our own (ca.pem), and a certificate that it signed for localhost.
certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 3 -subj "/CN=an authority of a test" -keyout ca.key -out ca.pem 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out request.pem 2>/dev/null
	openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 \
		-extfile <(echo subjectAltName=DNS:localhost) -out cert.pem 2>/dev/null
}

# nginx_conf UPSTREAM LISTEN TEXT: a configuration; each request is a line of access.jsonl.  The version
# of HTTP that the upstream is asked with is 1.1, unless $version says 1.0, which is nginx's default.
nginx_conf() {
	cat <<-EOF
		daemon off;
		master_process off;
		pid nginx.pid;
		error_log error.log warn;
		events {}
		http {
			log_format told escape=json '{"id":"\$http_x_request_id","status":\$status,"protocol":"\$server_protocol",'
				'"connection":\$connection,"request_s":\$request_time,"upstream_first_s":"\$upstream_header_time",'
				'"ratio":"\$gzip_ratio"}';
			access_log access.jsonl told;
			client_body_temp_path tmp;
			proxy_temp_path tmp;
			fastcgi_temp_path tmp;
			uwsgi_temp_path tmp;
			scgi_temp_path tmp;
			server {
				listen $2;
				ssl_certificate cert.pem;
				ssl_certificate_key key.pem;
				location / {
					proxy_pass $1;
					proxy_http_version ${version-1.1};
					proxy_set_header Connection "";
					$3
				}
			}
		}
	EOF
}

# front UPSTREAM [TEXT [PARAMETERS [ADDRESS]]]: nginx before it, on ADDRESS or the socket "front"; TEXT is
# of its location, PARAMETERS are of listen (ssl http2).
front() {
	local program address=${4-unix:$PWD/front}
	needs "$TOP/tests/lib/nginx"
	program=$(tail -n 1 needs.log)
	stop_front
	nginx_conf "$1" "$address ${3-}" "${2-}" >nginx.conf
	[ -e cert.pem ] || certificates
	"$program" -e error.log -p "$PWD/" -c nginx.conf 3>&- &
	echo $! >front.pid
	[ "$address" != "unix:$PWD/front" ] || wait_for 10 test -S front
}

# stop_front: end it; its log is log.jsonl then, and complete.
stop_front() {
	[ -e front.pid ] || return 0
	kill "$(<front.pid)"
	while kill -0 "$(<front.pid)" 2>/dev/null; do sleep 0.05; done
	mv access.jsonl log.jsonl
	rm -f front.pid front
}
