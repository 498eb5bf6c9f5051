/* lib/list.h against an array that does the same. */
#include "lib/list.h"
#include "tap.h"

struct item {
    int id;
    struct list link;
};

enum { ITEMS = 32 };

static struct item items[ITEMS];

/* Whether the list holds exactly model[0..n), forwards and backwards. */
static bool same(struct list *head, struct item **model, unsigned n)
{
    unsigned i = 0;
    struct item *pos;
    struct list *link;
    list_for_each_entry (pos, head, link) {
        if (i >= n || pos != model[i++])
            return false;
    }
    if (i != n)
        return false;
    for (link = head->prev; link != head; link = link->prev) {
        if (list_entry(link, struct item, link) != model[--i])
            return false;
    }
    return i == 0 && list_empty(head) == (n == 0);
}

static void test_random(void)
{
    struct cases c = {.text = "random insertions and removals"};
    struct list head = LIST_INIT(head);
    struct item *model[ITEMS];
    unsigned n = 0;
    for (unsigned i = 0; i < ITEMS; i++)
        list_init(&items[i].link);
    for (unsigned step = 0; step < 20000; step++) {
        struct item *item = &items[random_below(ITEMS)];
        unsigned at = 0;
        while (at < n && model[at] != item)
            at++;
        if (at < n) {
            list_del(&item->link);
            memmove(model + at, model + at + 1, (--n - at) * sizeof *model);
            cases_check(&c, list_empty(&item->link), "a removed item is on no list");
            list_del(&item->link);
        } else if (random_below(2)) {
            list_add(&head, &item->link);
            memmove(model + 1, model, n++ * sizeof *model);
            model[0] = item;
        } else {
            list_add_tail(&head, &item->link);
            model[n++] = item;
        }
        cases_check(&c, same(&head, model, n), "step %u", step);
        if (n > 0)
            cases_check(&c,
                        list_first(&head, struct item, link) == model[0] &&
                            list_last(&head, struct item, link) == model[n - 1],
                        "ends");
    }
    cases_end(&c);
}

static void test_whole_lists(void)
{
    struct list one = LIST_INIT(one), two = LIST_INIT(two);
    struct item *model[ITEMS], *pos, *tmp;
    for (unsigned i = 0; i < ITEMS; i++) {
        items[i].id = (int)i;
        model[i] = &items[i];
        list_add_tail(i < 10 ? &one : &two, &items[i].link);
    }
    list_splice_tail(&one, &two);
    ok(same(&one, model, ITEMS) && list_empty(&two), "splice");
    list_splice_tail(&one, &two);
    ok(same(&one, model, ITEMS), "splice of an empty list");
    list_move_tail(&two, &items[0].link);
    ok(same(&two, model, 1) && same(&one, model + 1, ITEMS - 1), "move");
    list_for_each_entry_safe (pos, tmp, &one, link) {
        if (pos->id % 2)
            list_del(&pos->link);
    }
    unsigned count = 0, odd = 0;
    struct list *link;
    list_for_each (link, &one) {
        count++;
        odd += list_entry(link, struct item, link)->id % 2 != 0;
    }
    ok(count == 15 && odd == 0, "removal while walking");
}

int main(void)
{
    test_random();
    test_whole_lists();
    return tap_done();
}
