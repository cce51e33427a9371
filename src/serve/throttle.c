#include "serve/throttle.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct entry {
    char key[140]; /* "login address" or " address" */
    int failed;
    utc_t last;
};

struct throttle {
    pthread_mutex_t lock;
    struct entry entries[THROTTLE_MAX];
};

struct throttle *throttle_new(void)
{
    struct throttle *t = mem_alloc(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void throttle_free(struct throttle *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    mem_free(t);
}

static void key_of(char out[140], const char *login, const char *address)
{
    snprintf(out, 140, "%.80s %.50s", login, address);
}

static struct entry *find(struct throttle *t, const char *key, utc_t now, bool make)
{
    struct entry *oldest = &t->entries[0];
    for (int i = 0; i < THROTTLE_MAX; i++) {
        struct entry *n = &t->entries[i];
        if (strcmp(n->key, key) == 0) {
            if (now - n->last > THROTTLE_FORGET)
                n->failed = 0;
            return n;
        }
        if (n->last < oldest->last)
            oldest = n;
    }
    if (!make)
        return NULL;
    *oldest = (struct entry){.last = now};
    memcpy(oldest->key, key, strlen(key) + 1);
    return oldest;
}

/* Nothing for the first few, then 1, 2, 4 … seconds. */
static utc_t wait_of(const struct entry *n, int free_tries, utc_t now)
{
    if (!n || n->failed < free_tries)
        return 0;
    int over = n->failed - free_tries;
    utc_t wait = over > 6 ? THROTTLE_WAIT_MAX : UTC_SECOND << over;
    if (wait > THROTTLE_WAIT_MAX)
        wait = THROTTLE_WAIT_MAX;
    return n->last + wait > now ? n->last + wait - now : 0;
}

utc_t throttle_wait(struct throttle *t, const char *login, const char *address, utc_t now)
{
    char key[140];
    pthread_mutex_lock(&t->lock);
    key_of(key, login, address);
    utc_t a = wait_of(find(t, key, now, false), THROTTLE_FREE, now);
    key_of(key, "", address);
    utc_t b = wait_of(find(t, key, now, false), THROTTLE_ADDRESS_FREE, now);
    pthread_mutex_unlock(&t->lock);
    return a > b ? a : b;
}

void throttle_failed(struct throttle *t, const char *login, const char *address, utc_t now)
{
    char key[140];
    pthread_mutex_lock(&t->lock);
    for (int i = 0; i < 2; i++) {
        key_of(key, i ? "" : login, address);
        struct entry *n = find(t, key, now, true);
        n->failed++;
        n->last = now;
    }
    pthread_mutex_unlock(&t->lock);
}

void throttle_passed(struct throttle *t, const char *login, const char *address)
{
    char key[140];
    pthread_mutex_lock(&t->lock);
    key_of(key, login, address);
    struct entry *n = find(t, key, 0, false);
    if (n)
        *n = (struct entry){.key = ""};
    pthread_mutex_unlock(&t->lock);
}
