/* shards: see shards.h. */
#include "shards.h"

#include "writeout.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAD_US 20000 /* between the last one's being ready and the start: for all to have seen it */
#define BUFFER ((size_t)64 << 10)

struct shards_shared {
	_Atomic int64_t taken;    /* closed-loop arrivals */
	_Atomic int64_t ready_us; /* when the last of those that are ready was */
	pthread_mutex_t writing;
	_Alignas(max_align_t) char results[];
};

/* A whole number, at least 1, up to `end`; 0: it is none. */
static int64_t
number(const char *text, char end, const char **rest)
{
	char *stop;
	long long n;

	errno = 0;
	n = *text >= '0' && *text <= '9' ? strtoll(text, &stop, 10) : 0;
	if (n < 1 || errno || *stop != end)
		return 0;
	*rest = stop + 1;
	return n;
}

const char *
shards_parse(const char *text, int64_t most, int64_t *i, int64_t *n)
{
	const char *rest;

	if (!(*i = number(text, '/', &rest)) || !(*n = number(rest, '\0', &rest)))
		return "must be I/N, such as 1/4";
	if (*i > *n)
		return "there is no such shard: I is at most N";
	return *n > most ? "more shards than there can be" : NULL;
}

int64_t
shards_share(int64_t whole, int n, int me)
{
	return (whole + n - me) / n;
}

bool
shards_mine(const struct shards *s, int64_t arrival)
{
	return arrival % s->n == s->me - 1;
}

int64_t
shards_taken(const struct shards *s)
{
	return atomic_load(&s->shared->taken);
}

int64_t
shards_take(struct shards *s)
{
	return atomic_fetch_add(&s->shared->taken, 1);
}

void
shards_ready(struct shards *s, int64_t now_us)
{
	int64_t latest = atomic_load(&s->shared->ready_us);

	if (s->ready_fd < 0)
		return;
	while (now_us > latest && !atomic_compare_exchange_weak(&s->shared->ready_us, &latest, now_us))
		;
	close(s->ready_fd);
	s->ready_fd = -1;
}

int64_t
shards_start_us(struct shards *s)
{
	char byte;

	if (s->start_us < 0 && s->ready_fd < 0 && read(s->go_fd, &byte, 1) == 0)
		s->start_us = atomic_load(&s->shared->ready_us) + LEAD_US;
	return s->start_us;
}

bool
shards_lock(struct shards *s)
{
	bool died = pthread_mutex_lock(&s->shared->writing) == EOWNERDEAD;

	if (died)
		pthread_mutex_consistent(&s->shared->writing);
	return died;
}

void
shards_unlock(struct shards *s)
{
	pthread_mutex_unlock(&s->shared->writing);
}

bool
shards_write(struct shards *s, int fd, const char *p, size_t n, bool *torn)
{
	bool good;
	int saved;

	if (shards_lock(s))
		writeout(fd, "\n", 1, NULL); /* ends a line that the one that died in it may have begun */
	good = writeout(fd, p, n, torn);
	saved = errno;
	shards_unlock(s);
	errno = saved;
	return good;
}

void *
shards_result(const struct shards *s, int which)
{
	return s->shared->results + (size_t)(which - 1) * s->result_size;
}

static bool
share_memory(struct shards *s)
{
	size_t size = sizeof *s->shared + (size_t)s->n * s->result_size;
	pthread_mutexattr_t a;
	bool good;

	s->shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s->shared == MAP_FAILED)
		return false;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	good = pthread_mutex_init(&s->shared->writing, &a) == 0;
	pthread_mutexattr_destroy(&a);
	return good;
}

/* The first lines of the life of process i: its own group, so that a Ctrl-C comes once, through us. */
static void
begin(struct shards *s, int i, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		raise(SIGKILL);
	setpgid(0, 0);
	for (int k = 0; k < i; k++)
		close(s->feed[k]);
	close(s->signals);
	sigprocmask(SIG_SETMASK, &s->mask, NULL);
	s->me = i;
}

/* Start process i.  True: it runs, or this is it. */
static bool
start_one(struct shards *s, int i)
{
	pid_t parent = getpid();
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	s->feed[i - 1] = ends[1];
	s->in_fd = ends[0];
	if ((s->pid[i - 1] = fork()) == 0) {
		begin(s, i, parent);
		return true;
	}
	close(ends[0]);
	if (s->pid[i - 1] < 0)
		close(ends[1]);
	else
		fcntl(ends[1], F_SETFL, O_NONBLOCK);
	return s->pid[i - 1] > 0;
}

static void
end_all(struct shards *s, int n)
{
	for (int i = 0; i < n; i++) {
		kill(s->pid[i], SIGKILL);
		waitpid(s->pid[i], NULL, 0);
		close(s->feed[i]);
	}
}

bool
shards_start(struct shards *s, int n, size_t result_size)
{
	size_t align = _Alignof(max_align_t);
	int ends[2], saved;
	sigset_t ours;

	*s = (struct shards){.n = n, .in_fd = -1, .start_us = -1, .result_size = (result_size + align - 1) / align * align};
	signal(SIGCHLD, SIG_DFL); /* whoever started us may have it ignored: then nobody would be waited for */
	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGCHLD);
	if (!share_memory(s) || (s->signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK)) < 0 ||
	    pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return false;
	s->go_fd = ends[0];
	s->ready_fd = ends[1];
	sigprocmask(SIG_BLOCK, &ours, &s->mask);
	for (int i = 1; i <= n; i++) {
		if (!start_one(s, i)) {
			saved = errno;
			end_all(s, i - 1);
			errno = saved;
			return false;
		}
		if (s->me)
			return true;
	}
	close(ends[0]);
	close(ends[1]);
	return true;
}

static void
tell_all(const struct shards *s, int sig)
{
	for (int i = 0; i < s->n; i++)
		if (s->pid[i] > 0)
			kill(s->pid[i], sig);
}

/* Those that have ended: what became of them.  Returns how many are left. */
static int
reap(struct shards *s)
{
	int left = 0, status;

	for (int i = 0; i < s->n; i++) {
		if (s->pid[i] <= 0)
			continue;
		if (waitpid(s->pid[i], &status, WNOHANG) != s->pid[i]) {
			left++;
			continue;
		}
		s->pid[i] = 0;
		if (WIFSIGNALED(status) && !s->killed) {
			s->killed = WTERMSIG(status);
			tell_all(s, SIGTERM);
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) > s->failed)
			s->failed = WEXITSTATUS(status);
	}
	return left;
}

struct copy {
	char bytes[BUFFER];
	size_t len, given[SHARDS_MOST]; /* how much of it each has */
};

static void
stop_feeding(struct shards *s, int i)
{
	close(s->feed[i]);
	s->feed[i] = -1;
}

/* Give those that have room for more what they have not got yet.  Returns whether somebody still lacks some. */
static bool
give(struct shards *s, struct copy *c)
{
	bool owed = false;

	for (int i = 0; i < s->n; i++) {
		ssize_t k;

		if (s->feed[i] < 0 || c->given[i] == c->len)
			continue;
		k = write(s->feed[i], c->bytes + c->given[i], c->len - c->given[i]);
		if (k < 0 && errno != EAGAIN && errno != EINTR)
			stop_feeding(s, i); /* it wants no more */
		else if (k > 0)
			c->given[i] += (size_t)k;
		owed |= s->feed[i] >= 0 && c->given[i] < c->len;
	}
	return owed;
}

/* Read on.  False: there is no more. */
static bool
refill(struct shards *s, int fd, struct copy *c)
{
	ssize_t k = read(fd, c->bytes, BUFFER);

	if (k < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (k < 0)
		s->read_errno = errno;
	c->len = k > 0 ? (size_t)k : 0;
	memset(c->given, 0, sizeof c->given);
	return k > 0;
}

static bool
anybody_reads(const struct shards *s)
{
	for (int i = 0; i < s->n; i++)
		if (s->feed[i] >= 0)
			return true;
	return false;
}

/* Wait for a signal, for input when all have what there was, else for room. */
static void
wait_for(struct shards *s, int fd, const struct copy *c, bool owed, struct pollfd *signal, struct pollfd *input)
{
	struct pollfd p[SHARDS_MOST + 2];
	nfds_t n = 2;

	p[0] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	p[1] = (struct pollfd){.fd = owed ? -1 : fd, .events = POLLIN};
	for (int i = 0; owed && i < s->n; i++)
		if (s->feed[i] >= 0 && c->given[i] < c->len)
			p[n++] = (struct pollfd){.fd = s->feed[i], .events = POLLOUT};
	if (poll(p, n, -1) < 0)
		p[0].revents = p[1].revents = 0;
	*signal = p[0];
	*input = p[1];
}

void
shards_feed(struct shards *s, int fd, void (*interrupted)(void *ctx), void *ctx)
{
	struct copy c = {.len = 0};
	struct signalfd_siginfo got;
	struct pollfd signal, input;
	bool told = false, owed = false;

	while (reap(s) > 0) {
		wait_for(s, fd, &c, owed, &signal, &input);
		while (signal.revents && read(s->signals, &got, sizeof got) == sizeof got) {
			if (got.ssi_signo == SIGCHLD)
				continue;
			if (!told)
				interrupted(ctx);
			told = true;
			tell_all(s, (int)got.ssi_signo);
		}
		if (!owed && input.revents && !refill(s, fd, &c)) {
			fd = -1;
			for (int i = 0; i < s->n; i++)
				if (s->feed[i] >= 0)
					stop_feeding(s, i);
		}
		owed = give(s, &c);
		if (fd >= 0 && !anybody_reads(s)) {
			close(fd); /* who writes to it shall see that nobody reads any more */
			fd = -1;
		}
	}
}
