// The statements behind WorkQueue. A row that a claim finds locked is another's; one that another
// claimed meanwhile is not due any more, which FOR UPDATE sees.
//
// That a row is pending is said in three ways, each of which fits one partial index or none: a
// claim takes the index in its order, what follows the primary key. Planned while nothing was
// pending, they otherwise went through all that was later (2 to 3 ms with some thousands).
#include "events/work_queue.hpp"

namespace calixo::host {

// A delivery may be claimed where no earlier one of its subscriber and key is pending. The
// publisher locks the key until its commit, so that no earlier one appears later.
#define CALIXO_CLAIM_DELIVERIES(condition)                                             \
  "with picked as ("                                                                   \
  " select d.id from outbox_deliveries d"                                              \
  " where d.subscriber = $1 and d.finished_at is null and d.due_at <= now()" condition \
  "  and (d.key = '' or not exists ("                                                  \
  "    select from outbox_deliveries earlier"                                          \
  "    where earlier.subscriber = d.subscriber and earlier.key = d.key"                \
  "      and earlier.state = 'pending' and earlier.event_id < d.event_id))"            \
  " order by d.due_at, d.id limit $2::bigint for update skip locked)"                  \
  " update outbox_deliveries d set attempt = d.attempt + 1,"                           \
  "   due_at = clock_timestamp() + $3::bigint * interval '1 millisecond'"              \
  " from picked, outbox_events e where d.id = picked.id and e.id = d.event_id"         \
  " returning d.id, d.event_id, d.attempt, d.key, e.payload,"                          \
  "   (extract(epoch from e.published_at) * 1000000)::bigint"

const WorkQueueSql kDeliveryQueue{
    CALIXO_CLAIM_DELIVERIES(""),
    CALIXO_CLAIM_DELIVERIES(" and d.key = $4"),
    "update outbox_deliveries set state = 'done', finished_at = clock_timestamp(), error = null"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update outbox_deliveries"
    " set due_at = clock_timestamp() + $3::bigint * interval '1 millisecond', error = $4"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update outbox_deliveries set attempt = attempt - 1,"
    " due_at = clock_timestamp() + $3::bigint * interval '1 millisecond'"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update outbox_deliveries set state = 'dead', finished_at = clock_timestamp(), error = $3"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
};

#undef CALIXO_CLAIM_DELIVERIES

const WorkQueueSql kJobQueue{
    "with picked as ("
    " select id from jobs"
    " where name = $1 and finished_at is null and due_at <= now()"
    " order by due_at, id limit $2::bigint for update skip locked)"
    " update jobs j set attempt = j.attempt + 1,"
    "   due_at = clock_timestamp() + $3::bigint * interval '1 millisecond'"
    " from picked where j.id = picked.id"
    " returning j.id, j.id, j.attempt, '', j.payload,"
    "   (extract(epoch from j.run_at) * 1000000)::bigint",
    "",
    // What it was about is kept no longer than it is needed: it may be about a person.
    "update jobs set state = 'done', finished_at = clock_timestamp(), error = null, payload = '{}'"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update jobs set due_at = clock_timestamp() + $3::bigint * interval '1 millisecond', error = $4"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update jobs set attempt = attempt - 1,"
    " due_at = clock_timestamp() + $3::bigint * interval '1 millisecond'"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
    "update jobs set state = 'dead', finished_at = clock_timestamp(), error = $3"
    " where id = $1 and attempt = $2 and state not in ('done', 'dead')",
};

}  // namespace calixo::host
