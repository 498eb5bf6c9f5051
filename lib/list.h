/*
 * Intrusive circular doubly linked lists.
 *
 * A head and a member are the same struct list. A head points at itself when the list is empty;
 * so does a member that list_del() took out, which makes a second list_del() harmless and
 * list_empty(&member) a test for "is on no list". The caller does the locking.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#ifndef container_of
#    define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#endif

#define LIST_INIT(name)  \
    {                    \
        &(name), &(name) \
    }

#define list_entry(ptr, type, member) container_of(ptr, type, member)
/* First and last entry; only for a list known not to be empty. */
#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_last(head, type, member)  list_entry((head)->prev, type, member)

#define list_for_each(pos, head) for (pos = (head)->next; pos != (head); pos = pos->next)

/* pos is a pointer to the entry type; the body must not take pos off the list. */
#define list_for_each_entry(pos, head, member)                                             \
    for (pos = list_entry((head)->next, __typeof__(*pos), member); &pos->member != (head); \
         pos = list_entry(pos->member.next, __typeof__(*pos), member))

/* The same, but the body may take pos (and nothing else) off the list; tmp has the type of pos. */
#define list_for_each_entry_safe(pos, tmp, head, member)              \
    for (pos = list_entry((head)->next, __typeof__(*pos), member),    \
        tmp = list_entry(pos->member.next, __typeof__(*pos), member); \
         &pos->member != (head);                                      \
         pos = tmp, tmp = list_entry(tmp->member.next, __typeof__(*tmp), member))

static inline void list_init(struct list *l)
{
    l->next = l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}

/* Insert item, which is on no list, between two neighbours. */
static inline void list_insert(struct list *item, struct list *prev, struct list *next)
{
    item->prev = prev;
    item->next = next;
    prev->next = item;
    next->prev = item;
}

/* Make item the first of the list. */
static inline void list_add(struct list *head, struct list *item)
{
    list_insert(item, head, head->next);
}

/* Make item the last of the list. */
static inline void list_add_tail(struct list *head, struct list *item)
{
    list_insert(item, head->prev, head);
}

/* Take item off its list; no effect on one that is on none (but was initialised). */
static inline void list_del(struct list *item)
{
    item->next->prev = item->prev;
    item->prev->next = item->next;
    list_init(item);
}

/* Take item off its list and make it the last of another (or the same) one. */
static inline void list_move_tail(struct list *head, struct list *item)
{
    list_del(item);
    list_add_tail(head, item);
}

/* Append all members of from to the end of head, in order; from is empty afterwards. */
static inline void list_splice_tail(struct list *head, struct list *from)
{
    if (list_empty(from))
        return;
    from->next->prev = head->prev;
    head->prev->next = from->next;
    from->prev->next = head;
    head->prev = from->prev;
    list_init(from);
}
