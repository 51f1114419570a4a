/* evcurl: see evcurl.h.  libcurl names the sockets and the one timer that it waits for;
 * libevent watches them; curl_multi_socket_action() is the way back. */
#include "evcurl.h"

static void
act(struct evcurl *c, curl_socket_t s, int mask)
{
	int running;

	curl_multi_socket_action(c->multi, s, mask, &running);
}

static void
on_socket(evutil_socket_t s, short what, void *ctx)
{
	struct evcurl *c = ctx;

	c->before(c->ctx);
	act(c, s, (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct evcurl *c = ctx;

	(void)fd, (void)what;
	c->before(c->ctx);
	act(c, CURL_SOCKET_TIMEOUT, 0);
}

/* CURLMOPT_SOCKETFUNCTION: watch this socket for that, or no longer. */
static int
watch_socket(CURL *easy, curl_socket_t s, int what, void *ctx, void *assigned)
{
	struct evcurl *c = ctx;
	struct event *e = assigned;
	short events = (short)((what & CURL_POLL_IN ? EV_READ : 0) | (what & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (e)
			event_free(e);
		curl_multi_assign(c->multi, s, NULL);
		return 0;
	}
	if (e) {
		event_del(e);
		event_assign(e, c->base, s, events, on_socket, c);
	} else if ((e = event_new(c->base, s, events, on_socket, c))) {
		curl_multi_assign(c->multi, s, e);
	}
	return e && event_add(e, NULL) == 0 ? 0 : -1;
}

/* CURLMOPT_TIMERFUNCTION: come back in that many milliseconds; -1: there is no need. */
static int
watch_timer(CURLM *multi, long ms, void *ctx)
{
	struct evcurl *c = ctx;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	(void)multi;
	return ms < 0 ? evtimer_del(c->timer) : evtimer_add(c->timer, &tv);
}

bool
evcurl_open(struct evcurl *c, struct event_base *base, void (*before)(void *), void *ctx)
{
	*c = (struct evcurl){.base = base, .before = before, .ctx = ctx};
	if (!(c->multi = curl_multi_init()) || !(c->timer = evtimer_new(base, on_timer, c)))
		return false;
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, watch_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	return true;
}

void
evcurl_kick(struct evcurl *c)
{
	act(c, CURL_SOCKET_TIMEOUT, 0);
}

void
evcurl_close(struct evcurl *c)
{
	curl_multi_cleanup(c->multi);
	event_free(c->timer);
}
