/*
 * pair.pml - two nodes, one log: what S says to R, over links that break,
 * between machines that crash, are set back, or are copied.
 *
 * A turn of a node is one atomic step, since it is durable before it is seen
 * (the law); a crash therefore falls between two turns, and what was sent and
 * not yet read is lost with the link.  Each step of a session is a ROW(), which
 * tests/model/rows compares with PROTOCOL 6.8 and node/core/link/session.c.
 *
 * Claims; what speaks for each is an assertion with its number, (7) a formula:
 *  (1) S frees a message only when R has had it durably;
 *  (2) R shows a message once;
 *  (3) S never signs a head beside one of that origin that R took; without a
 *      loss it never signs two of one origin and size at all;
 *  (4) R never signs against what it signed before, and without a loss of its
 *      own never a smaller size;
 *  (5) what a copy wrote and another copy overtook is noticed: both alarm when
 *      the chain of one is two sessions behind, S alarms before R takes an
 *      entry of a second copy, or is shown another root than its own, and when
 *      R lost what it had receipted;
 *  (6) without a loss or a copy there is no alarm, where one of them dials;
 *  (7) when faults have ended, all is delivered and receipted.
 *
 * Bounds, by -D: MESSAGES (0: sessions alone); CRASHES, BREAKS, RENEWALS (99:
 * without end); DIALLER (0: S, 1: R, 2: both); COPY (0: S's disk, 1: R's) is
 * copied once at any time; RESTORES of that copy, or SWAPS: which of the two
 * runs.  LOWER is the node of the lower id.  ALARMS permits false ones.
 *
 * Broken on purpose, to be caught: COSIGN_BEFORE_SAVE, ADOPT, CHAIN_OFF,
 * OLD_EPOCH, BEFORE_SIZES, SHOW_EACH_TIME, ROOTS_UNSEEN, UNLISTED_UNSEEN.
 * STRICT and SESSIONS=1 ask for more than is promised.  FRESH and
 * CONFIRM_AT_SIZES are another session chain, which the code has not: the
 * called alarms when the caller's Sizes has come, who journals a session drops
 * what it dials, and a session is confirmed as soon as the other is known to
 * have journaled it.  With it (6) holds where both dial, too.
 *
 * What is left out: precedence, windows and limits; the log from R to S but
 * for its BAD_HEAD; strangers and forged bytes (both nodes are honest, and
 * their frames come as they were sent, in order); the loss of both disks; a
 * body is one piece, and of a wrong digest refused the first time, not the
 * eighth; what a closed epoch gives back is given back at once.
 */
#ifndef MESSAGES
#define MESSAGES 2
#endif
#ifndef CRASHES
#define CRASHES 99
#endif
#ifndef BREAKS
#define BREAKS 99
#endif
#ifndef RENEWALS
#define RENEWALS 0
#endif
#ifndef RESTORES
#define RESTORES 0
#endif
#ifndef SWAPS
#define SWAPS 0
#endif
#ifndef COPY
#define COPY 0
#endif
/* So many sessions of one copy show at the next of the other. */
#ifndef SESSIONS
#define SESSIONS 2
#endif
#define BOTH 2
#ifndef DIALLER
#define DIALLER S
#endif
#ifndef LOWER
#define LOWER 0
#endif

#define S 0
#define R 1
#define OTHER 2 /* the copied disk that does not run */

/* The states of session.h, and that of no session. */
mtype = { CLOSED, DIALLING, CALLING, STRANGER, ANSWERED, PROVING, SETTLING,
          SYNCING, OPEN }
/* Inputs; BadHead is an entry of R's own log. */
mtype = { connected, message1, message2, Hello, Sizes, Leaves, Head, Bodies,
          Cosigned, Fetch, Stop, Chunks, Partial, AskGrant, AskHeld,
          Held, Keepalive, Bye, BadHead }

/* An entry is a nibble: message (0: OPEN) and branch, a number that each copy
 * of a disk has of its own, in the place of fresh random bytes.  A log is a
 * row of nibbles, so that a root is the row itself; an epoch is number and
 * branch. */
#define ENTRY(message, branch) ((branch) << 2 | (message))
#define EPOCH(number, branch) ((number) << 2 | (branch))
#define NUMBER(epoch) ((epoch) >> 2)
#define BRANCH(epoch) ((epoch) & 3)
#define AT(log, i) (((log) >> (4 * (i))) & 15)
#define MESSAGE(log, i) (AT(log, i) & 3)
#define ROOT(log, size) ((log) & ((1 << (4 * (size))) - 1))
#define BIT(i) (1 << (i))
#define BELOW(size) (BIT(size) - 1)
#define ALL (BIT(MESSAGES + 1) - 2)
#define LESS(a, b) ((a) < (b) -> (a) : (b))
#define IS_KNOWN(it) \
    (((disk[0].known >> (4 * NUMBER(it))) & 15) == BRANCH(it) + 1)

/* What is durable.  S: chain, log, outbox.  R: chain, newest log, bodies. */
typedef Disk {
    byte confirmed, pending;
    byte branch;
    byte epoch, size, cosigned;
    short log;
    byte outbox;     /* S: messages */
    int  known;      /* S: all epochs of its own, a nibble a number */
    byte have;       /* R: indices whose body is here or refused */
    byte heads;      /* R: sizes of heads without a receipt */
    byte shown;      /* R: messages */
    bit  stopped;    /* R */
    byte bad, bad_n; /* R: epoch and size of a bad head to be told of */
    short bad_log;
    byte overtaken;  /* a ghost: sessions of the other copy since it ran */
}
#if SWAPS > 0
Disk disk[4]; /* the last one for a moment only */
#else
Disk disk[3];
#endif

/* Two links; an end is 2 * link + node. */
#define END(link, node) (2 * (link) + (node))
mtype state[4] = CLOSED;
byte  dialler[2];
byte  hash[2];
bit   dead[2];       /* nothing that is sent now arrives */
byte  named_confirmed[4], named_pending[4]; /* a Hello under way */
bit   stale[2];      /* its stamp is below one that the called has seen */
bit   doubt[2];      /* the called has not found what it knows in the Hello */
byte  newest;        /* the link that was dialled last */
byte  current[2];    /* link + 1; 0: none */
chan  to[4] = [3] of { mtype, byte, byte, short, byte, byte };

/* S, while its link is up. */
bit  live;
byte leaves_sent, head_sent, bodies_due;

/* R, volatile. */
byte  staged_epoch, staged;
short staged_log;
bit   refetched, cosigned_due, fetch_due;
byte  fetch_from;
byte  lost_epoch, lost; /* `shown` in the code */
short lost_log;
#ifdef COSIGN_BEFORE_SAVE
bit  unsaved;
byte was_have, was_heads, was_shown, was_cosigned;
#endif

/* Ghosts: what the claims speak of. */
bit   alarm[2];
byte  durable;                   /* messages that R ever had durably */
#define EPOCHS 8
byte  signed_epoch[EPOCHS], signed_n[EPOCHS];
short signed_log[EPOCHS];        /* S's last head of that number */
byte  taken_epoch[EPOCHS], taken_n[EPOCHS];
short taken_log[EPOCHS];         /* R's last head */
byte  receipt_epoch[EPOCHS], receipt_n[EPOCHS];
short receipt_log[EPOCHS];       /* R's last cosignature */
byte  writers;                   /* branches of S of which R took an entry */

/* Faults. */
byte crashes, breaks, renewals, restores, swaps;
bit  copied;

/* Scratch, zero between steps. */
hidden byte hc, hp, i, n, m, e, c, b, l, at;
hidden short x, y;
hidden mtype k, next, row;
hidden byte matched, opens, told, judged, who, what,
    n_signed;

#define AS_KNOWN 0
#define RIGHT 1
#define FORK 2
#define BAD_ROOT 3

/* (6): without a loss or a copy, never. */
#if RESTORES + SWAPS == 0 && !defined ALARMS
#define ALARM(who) alarm[who] = 1; assert(false)
#else
#define ALARM(who) alarm[who] = 1
#endif

/* --- links ---------------------------------------------------------------- */

#define ROW(from, input, then) \
    (state[at] == from && k == input) -> next = then

/* From node `me` to the other end of link l. */
#define SEND(kind, p1, p2, p3, p4, p5) \
    if \
    :: !dead[l] -> to[END(l, 1 - me)] ! kind, p1, p2, p3, p4, p5 \
    :: else \
    fi
#define ROOM(node, L) (dead[L] || nfull(to[END(L, 1 - node)]))

inline drain(q)
{
    do
    :: nempty(q) -> q ? _, _, _, _, _, _
    :: empty(q) -> break
    od
}

/* An end is closed; what runs over it ends. */
inline close_end(me, L)
{
    state[END(L, me)] = CLOSED;
    named_confirmed[END(L, me)] = 0;
    named_pending[END(L, me)] = 0;
    dead[L] = 1;
    if
    :: current[me] == L + 1 ->
        current[me] = 0;
        if
        :: me == S -> live = 0; leaves_sent = 0; head_sent = 0; bodies_due = 0
        :: else ->
            if
            :: staged_epoch != disk[R].epoch && disk[R].epoch != 0 ->
                refetched = 0
            :: else
            fi;
            staged_epoch = 0; staged = 0; staged_log = 0;
            cosigned_due = 0; fetch_due = 0; fetch_from = 0
        fi
    :: else
    fi;
    if
    :: state[END(L, 1 - me)] == CLOSED ->
        hash[L] = 0; dead[L] = 0; dialler[L] = 0; stale[L] = 0;
        doubt[L] = 0;
        newest = 0;
        named_confirmed[END(L, 1 - me)] = 0;
        named_pending[END(L, 1 - me)] = 0;
        drain(to[END(L, 0)]);
        drain(to[END(L, 1)])
    :: else
    fi
}

#define HELD(v) (disk[0].confirmed == v || disk[0].pending == v || \
    disk[1].confirmed == v || disk[1].pending == v || \
    disk[2].confirmed == v || disk[2].pending == v || \
    hash[0] == v || hash[1] == v || \
    named_confirmed[0] == v || named_pending[0] == v || \
    named_confirmed[1] == v || named_pending[1] == v || \
    named_confirmed[2] == v || named_pending[2] == v || \
    named_confirmed[3] == v || named_pending[3] == v)

/* A Hello names what was held before this session. */
inline send_hello()
{
    if
    :: !dead[l] ->
        named_confirmed[END(l, 1 - me)] = disk[me].confirmed;
        named_pending[END(l, 1 - me)] = disk[me].pending;
        to[END(l, 1 - me)] ! Hello, 0, 0, 0, 0, 0
    :: else
    fi
}

/* TCP and both messages of the handshake change nothing durable. */
inline dial()
{
    dialler[l] = me;
    newest = l;
    state[END(l, me)] = DIALLING;
    state[END(l, 1 - me)] = STRANGER;
    b = 1;
    do
    :: HELD(b) -> b++
    :: else -> break
    od;
    hash[l] = b; /* never drawn before, as far as anybody remembers */
    b = 0;
    at = END(l, me); k = connected;
    if
    :: ROW(DIALLING, connected, CALLING)
    fi;
    state[at] = next;
    at = END(l, 1 - me); k = message1;
    if
    :: ROW(STRANGER, message1, ANSWERED)
    fi;
    state[at] = next;
    at = END(l, me); k = message2;
    if
    :: ROW(CALLING, message2, PROVING)
    fi;
    state[at] = next;
    send_hello()
}

/* --- S: the log ----------------------------------------------------------- */

/* Signs the head over all that was appended; the claim is about every head. */
inline sign()
{
    b = NUMBER(disk[S].epoch);
    assert(b < EPOCHS);
    if
    :: signed_epoch[b] == disk[S].epoch ->
        n = LESS(signed_n[b], disk[S].size);
#ifdef STRICT
        /* Never two heads of one origin and size, held by anybody or not. */
        assert(ROOT(signed_log[b], n) == ROOT(disk[S].log, n));
#elif RESTORES + SWAPS == 0 || COPY == 1
        assert(ROOT(signed_log[b], n) == ROOT(disk[S].log, n)) /* (3) */
#endif
    :: else
    fi;
    if
    :: taken_epoch[b] == disk[S].epoch ->
        n = LESS(taken_n[b], disk[S].size);
        /* (3): no head of ours beside one that the reader took. */
        assert(ROOT(taken_log[b], n) == ROOT(disk[S].log, n))
    :: else
    fi;
    signed_epoch[b] = disk[S].epoch;
    signed_n[b] = disk[S].size;
    signed_log[b] = disk[S].log;
    b = 0; n = 0
}

inline append(message)
{
    disk[S].log = disk[S].log |
                  (ENTRY(message, disk[S].branch) << (4 * disk[S].size));
    bodies_due = bodies_due | BIT(disk[S].size);
    disk[S].size++;
    sign()
}

/* Above all that is known or was told of; what was not receipted waits
 * again. */
inline open_epoch()
{
    i = disk[S].cosigned;
    do
    :: i < disk[S].size ->
        if
        :: MESSAGE(disk[S].log, i) > 0 ->
            disk[S].outbox = disk[S].outbox | BIT(MESSAGE(disk[S].log, i))
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0;
    b = (NUMBER(disk[S].epoch) > told -> NUMBER(disk[S].epoch) : told) + 1;
    told = 0; opens = 0;
    disk[S].epoch = EPOCH(b, disk[S].branch);
    disk[S].known = disk[S].known | ((disk[S].branch + 1) << (4 * b));
    disk[S].size = 0; disk[S].log = 0; disk[S].cosigned = 0;
    leaves_sent = 0; head_sent = 0; bodies_due = 0;
    append(0);
    b = 0
}

/* R's receipt on the first y of log x; NEXT stays, or closes. */
inline take_receipt()
{
    if
    :: e != disk[S].epoch || y <= disk[S].cosigned
    :: else ->
        if
        :: y > disk[S].size || ROOT(x, y) != ROOT(disk[S].log, y) ->
            /* (5): two heads of one log are not passed over in silence. */
            assert(alarm[S] || alarm[R]);
            next = CLOSED
        :: else ->
            i = disk[S].cosigned;
            do
            :: i < y ->
                /* (1) */
                assert(MESSAGE(disk[S].log, i) == 0 ||
                       (durable & BIT(MESSAGE(disk[S].log, i))));
                i++
            :: else -> break
            od;
            i = 0;
            disk[S].cosigned = y;
            bodies_due = bodies_due & ~BELOW(y)
        fi
    fi
}

/* The reader shows our own signature on what we do not hold: epoch e, size n,
 * log x. */
inline own_signature()
{
#ifdef ADOPT
    /* Negative: the reader's log becomes ours, and we go on in it. */
    disk[S].epoch = e; disk[S].size = n; disk[S].log = x;
    disk[S].known = disk[S].known | ((BRANCH(e) + 1) << (4 * NUMBER(e)));
    disk[S].cosigned = c;
    y = n;
    i = 0;
    do
    :: i < n ->
        disk[S].outbox = disk[S].outbox & ~BIT(MESSAGE(x, i));
        i++
    :: else -> break
    od;
    i = 0
#else
    ALARM(S);
#ifndef OLD_EPOCH
    opens = 1;
    told = NUMBER(e);
#endif
    m = 0
#endif
}

/* Whether the reader holds the beginning of our log, and no other. */
#ifdef ROOTS_UNSEEN
#define HOLDS (e == disk[S].epoch && n <= disk[S].size)
#else
#define HOLDS (e == disk[S].epoch && n <= disk[S].size && \
    ROOT(x, n) == ROOT(disk[S].log, n))
#endif

/* R's `reads`: epoch e, size n, log x, receipt c, missing m.  The receipt was
 * taken; y is what the reader has of our log. */
inline take_reads()
{
    y = 0;
    if
    :: HOLDS ->
        y = n;
        if
        :: n < disk[S].cosigned -> ALARM(S)
        :: else
        fi
    :: (e == disk[S].epoch && !HOLDS) ||
       (e != disk[S].epoch && n > 0 && !IS_KNOWN(e) &&
        NUMBER(e) >= NUMBER(disk[S].epoch)) -> own_signature()
    :: else ->
        m = 0;
#ifndef UNLISTED_UNSEEN
        if
        :: disk[S].cosigned > 0 -> ALARM(S)
        :: else
        fi
#endif
    fi;
#if COPY == 1 && !defined OLD_EPOCH
    assert(disk[S].cosigned <= y || opens || alarm[S]); /* (5) */
#endif
    live = 1;
    leaves_sent = y; head_sent = y;
    bodies_due = (m & BELOW(y)) | (BELOW(disk[S].size) & ~BELOW(y))
}

/* --- R: the log ----------------------------------------------------------- */

/* S's `writes` with R's receipt c on log x of epoch e. */
inline take_writes()
{
    if
    :: c > 0 && ((e == disk[R].epoch && c > disk[R].cosigned) ||
                 NUMBER(e) > NUMBER(disk[R].epoch)) ->
        lost_epoch = e;
        lost = c;
        lost_log = ROOT(x, c)
    :: else
    fi
}

/* The largest head below which every body is here or refused. */
inline cosign()
{
    i = 0;
    do
    :: i < disk[R].size && (disk[R].have & BIT(i)) -> i++
    :: else -> break
    od;
    do
    :: i > 0 && !(disk[R].heads & BIT(i)) -> i--
    :: else -> break
    od;
    if
    :: i > 0 && !disk[R].stopped &&
       !(lost_epoch == disk[R].epoch && i < lost) ->
        b = NUMBER(disk[R].epoch);
        if
        :: receipt_epoch[b] == disk[R].epoch ->
            /* (4); a reader that was set back may repeat itself below what it
             * signed and nobody got, never against it. */
            n_signed = LESS(i, receipt_n[b]);
            assert(ROOT(disk[R].log, n_signed) ==
                   ROOT(receipt_log[b], n_signed));
#if COPY == 0 || RESTORES + SWAPS == 0
            assert(i >= receipt_n[b])
#endif
        :: else
        fi;
        receipt_epoch[b] = disk[R].epoch;
        receipt_n[b] = i;
        receipt_log[b] = ROOT(disk[R].log, i);
        b = 0;
        disk[R].cosigned = i;
        disk[R].heads = disk[R].heads & ~BELOW(i + 1);
        cosigned_due = 1
    :: else
    fi;
    i = 0
}

/* Leaves n to c of log x, epoch e. */
inline take_leaves()
{
    if
    :: e == disk[R].epoch && disk[R].stopped
    :: e == disk[R].epoch && !disk[R].stopped ->
        if
        :: staged_epoch != e ->
            staged_epoch = e; staged = disk[R].size; staged_log = disk[R].log
        :: else
        fi
    :: e != disk[R].epoch && NUMBER(e) > NUMBER(disk[R].epoch) ->
        if
        :: staged_epoch != e ->
            staged_epoch = e; staged = 0; staged_log = 0; refetched = 0
        :: else
        fi
    :: else ->
        ALARM(R); /* two epochs of one number */
        next = CLOSED
    fi;
    if
    :: next == CLOSED || staged_epoch != e
    :: else ->
        if
        :: n != staged -> next = CLOSED
        :: else ->
            staged_log = ROOT(staged_log, n) | (x & ~ROOT(x, n));
            staged_log = ROOT(staged_log, c);
            staged = c
        fi
    fi
}

/* The leaves and their head are durable. */
inline commit()
{
    if
    :: e != disk[R].epoch ->
        disk[R].have = 0; disk[R].cosigned = 0; disk[R].heads = 0;
        disk[R].stopped = 0;
        disk[R].epoch = e
    :: else
    fi;
    disk[R].log = ROOT(staged_log, n);
    disk[R].size = n;
    disk[R].heads = disk[R].heads | BIT(n);
    refetched = 0;
    b = NUMBER(e);
    taken_epoch[b] = e; taken_n[b] = n; taken_log[b] = x;
    b = 0;
    i = 0;
    do
    :: i < n ->
        writers = writers | BIT(AT(x, i) >> 2);
        i++
    :: else -> break
    od;
    i = 0;
#if SWAPS + RESTORES > 0
    /* (5): no second writer in silence; branch 0 is what all copies share. */
    assert((writers & 14) == 0 || (writers & 14) == 2 || (writers & 14) == 4 ||
           (writers & 14) == 8 || alarm[S])
#endif
}

inline take_head()
{
    if
    :: e == disk[R].epoch && disk[R].stopped -> judged = AS_KNOWN
    :: e == disk[R].epoch && !disk[R].stopped && n == disk[R].size ->
        judged = (x == disk[R].log -> AS_KNOWN : FORK)
    :: else ->
        if
        :: e != staged_epoch || n > staged ||
           (e == disk[R].epoch && n < disk[R].size) ->
            judged = AS_KNOWN; next = CLOSED
        :: else ->
            if
            :: e == lost_epoch && n == lost && x != lost_log -> judged = FORK
            :: x == ROOT(staged_log, n) -> judged = RIGHT
            :: else -> judged = (refetched -> FORK : BAD_ROOT)
            fi
        fi
    fi;
    if
    :: judged == AS_KNOWN
    :: judged == RIGHT -> commit()
    :: judged == FORK ->
        disk[R].stopped = 1;
        disk[R].bad = e; disk[R].bad_n = n; disk[R].bad_log = x;
        ALARM(R);
        staged_epoch = 0; staged = 0; staged_log = 0
    :: judged == BAD_ROOT ->
        refetched = 1;
        fetch_due = 1;
        fetch_from = (e == disk[R].epoch -> disk[R].size : 0);
        staged = fetch_from;
        staged_log = ROOT(staged_log, staged)
    fi
}

/* Body c of index n. */
inline take_body()
{
    if
    :: e != disk[R].epoch || n >= disk[R].size ->
        if
        :: disk[R].stopped || refetched
        :: else -> next = CLOSED
        fi
    :: else ->
        if
        :: disk[R].have & BIT(n)
        :: else ->
#ifdef COSIGN_BEFORE_SAVE
            if
            :: !unsaved ->
                unsaved = 1;
                was_have = disk[R].have; was_heads = disk[R].heads;
                was_shown = disk[R].shown; was_cosigned = disk[R].cosigned
            :: else
            fi;
#endif
            disk[R].have = disk[R].have | BIT(n);
            if
            :: c != AT(disk[R].log, n) -> ALARM(R) /* refused */
            :: c == AT(disk[R].log, n) && (c & 3) > 0 ->
#ifndef SHOW_EACH_TIME
                if
                :: disk[R].shown & BIT(c & 3)
                :: else ->
#else
                if
                :: true ->
#endif
                    assert(!(disk[R].shown & BIT(c & 3))); /* (2) */
                    disk[R].shown = disk[R].shown | BIT(c & 3)
                fi;
#ifndef COSIGN_BEFORE_SAVE
                durable = durable | BIT(c & 3)
#endif
            :: else
            fi
        fi
    fi
}

/* --- sessions ------------------------------------------------------------- */

#define CURRENT (current[me] - 1)
#define OUTRANKED (current[me] != 0 && CURRENT != l && \
    dialler[CURRENT] == LOWER && dialler[l] != LOWER)

/* The peer lost state, or there are two of it, or we have. */
inline mismatch()
{
    ALARM(me);
#ifndef OLD_EPOCH
    opens = (me == S);
#endif
    told = 0
}

#ifdef FRESH
#define MISMATCH_AT_SIZES 1
#define DROPS_DIAL (dialler[1 - l] == me && state[END(1 - l, me)] != CLOSED)
#else
#define MISMATCH_AT_SIZES 0
#define DROPS_DIAL 0
#endif

/* The session is pending with us; the one before it is confirmed where it was
 * named. */
inline journal()
{
#ifdef CHAIN_OFF
    matched = 1;
#else
    matched = (hc == disk[me].confirmed || hc == disk[me].pending ||
               hp == disk[me].confirmed || hp == disk[me].pending);
#endif
    if
    :: (current[me] != 0 && CURRENT != l) || DROPS_DIAL ->
        b = 1 - l; close_end(me, b); b = 0
    :: else
    fi;
    if
    :: hc == disk[me].pending || hp == disk[me].pending ->
        disk[me].confirmed = disk[me].pending
    :: else
    fi;
    disk[me].pending = hash[l];
    current[me] = l + 1;
#if SWAPS + RESTORES > 0
    if
    :: state[END(l, COPY)] == CLOSED ->
        disk[COPY].overtaken = 0; /* a late word of either copy: their */
        disk[OTHER].overtaken = 0 /* sessions are not in a row any more */
    :: state[END(l, COPY)] != CLOSED && matched ->
        assert(disk[COPY].overtaken < SESSIONS); /* (5) */
        disk[COPY].overtaken = 0
    :: else
    fi;
#endif
    if
    :: !matched && !(MISMATCH_AT_SIZES && next == SETTLING) -> mismatch()
    :: else -> doubt[l] = !matched
    fi
}

/* Both have journaled this session: the called one before its Hello left, the
 * caller now.  In between it counts for neither copy. */
inline both_journaled()
{
#if SWAPS + RESTORES > 0
    if
    :: state[END(l, COPY)] != CLOSED ->
        /* (5): a copy that was overtaken is noticed by both. */
        assert(disk[COPY].overtaken < SESSIONS || (alarm[S] && alarm[R]));
        disk[COPY].overtaken = 0;
        disk[OTHER].overtaken = (copied && disk[OTHER].pending != hash[l] &&
                                 disk[OTHER].overtaken < SESSIONS ->
                                 disk[OTHER].overtaken + 1 :
                                 disk[OTHER].overtaken)
    :: else /* it is no longer the disk that journaled it */
    fi
#else
    skip
#endif
}

/* The called one's Hello names what was before this session, too. */
inline take_hello()
{
    hc = named_confirmed[at]; hp = named_pending[at];
    named_confirmed[at] = 0; named_pending[at] = 0;
    if
    :: next == SETTLING && stale[l] -> next = CLOSED
    :: OUTRANKED && !(next == SETTLING && stale[l]) ->
        SEND(Bye, 0, 0, 0, 0, 0);
        next = CLOSED
    :: else ->
        if
        :: next == SETTLING ->
            stale[1 - l] = stale[1 - l] ||
                           (newest == l && dialler[1 - l] == dialler[l] &&
                            state[END(1 - l, me)] != CLOSED);
            send_hello()
        :: else
        fi;
        journal();
        if
        :: next == SYNCING -> both_journaled()
        :: else
        fi
    fi
}

/* What we know that the other has journaled need not be named to us. */
inline confirm()
{
#ifdef CONFIRM_AT_SIZES
    disk[me].confirmed = disk[me].pending
#else
    skip
#endif
}

inline send_sizes()
{
    if
    :: me == S ->
        SEND(Sizes, disk[S].epoch, disk[S].size, disk[S].log,
             disk[S].cosigned, 0)
    :: else ->
        SEND(Sizes, disk[R].epoch, disk[R].size, disk[R].log,
             disk[R].cosigned, BELOW(disk[R].size) & ~disk[R].have)
    fi
}

/* S hears of a bad head: a new epoch, unless R's receipt says the contrary. */
inline take_bad_head()
{
    disk[R].bad = 0; disk[R].bad_n = 0; disk[R].bad_log = 0;
    if
    :: e == disk[S].epoch && (n > disk[S].cosigned ||
                              (n == disk[S].cosigned &&
                               x != ROOT(disk[S].log, n))) ->
        ALARM(S);
        opens = 1;
        told = 0
    :: else
    fi
}

/* One frame, as the table says; what stands in no row closes, and two honest
 * nodes never meet it. */
inline take_row()
{
    at = END(l, me);
    to[at] ? k, e, n, x, c, m;
    if
    :: ROW(ANSWERED, Hello, SETTLING)
    :: ROW(PROVING, Hello, SYNCING)
    :: ROW(PROVING, Bye, CLOSED)
    :: ROW(SETTLING, Sizes, OPEN)
    :: ROW(SETTLING, Bye, CLOSED)
    :: ROW(SYNCING, Sizes, OPEN)
    :: ROW(OPEN, Leaves, OPEN)
    :: ROW(OPEN, Head, OPEN)
    :: ROW(OPEN, Bodies, OPEN)
    :: ROW(OPEN, Cosigned, OPEN)
    :: ROW(OPEN, Fetch, OPEN)
    :: ROW(OPEN, Stop, OPEN)      /* nobody sends it here: nothing is full */
    :: ROW(OPEN, Chunks, OPEN)    /* nor these: no message has a file */
    :: ROW(OPEN, Partial, OPEN)
    :: ROW(OPEN, AskGrant, OPEN)  /* nor these: nothing is given back here */
    :: ROW(OPEN, AskHeld, OPEN)
    :: ROW(OPEN, Held, OPEN)
    :: ROW(OPEN, Keepalive, OPEN) /* nobody sends it here: no time passes */
    :: ROW(OPEN, Bye, CLOSED)     /* a node that ends is a crash here */
    :: state[at] == OPEN && k == BadHead -> next = OPEN
    :: else -> assert(false)
    fi
}

/* What the row does to S, once its receipt is taken. */
inline take_as_s()
{
    y = (k == Cosigned -> n : 0);
    if
    :: k == Sizes && HOLDS -> y = c
    :: else
    fi;
    take_receipt();
    if
    :: next == CLOSED
    :: next != CLOSED && k == Sizes -> take_reads()
    :: next != CLOSED && k == Fetch ->
        leaves_sent = n; head_sent = n;
        bodies_due = bodies_due | (BELOW(disk[S].size) & ~BELOW(n))
    :: next != CLOSED && k == BadHead -> take_bad_head()
    :: else
    fi
}

inline take_as_r()
{
    if
    :: k == Sizes -> take_writes()
    :: k == Leaves -> take_leaves()
    :: k == Head -> take_head()
    :: k == Bodies -> take_body()
    :: else
    fi;
    if
    :: k == Head || k == Bodies -> cosign()
    :: else
    fi
}

inline take()
{
    take_row();
    row = state[at];
    if
    :: k == Hello -> take_hello()
    :: k == Sizes && row == SETTLING ->
        if
        :: doubt[l] -> doubt[l] = 0; mismatch()
        :: else
        fi;
        send_sizes()
    :: else
    fi;
    if
    :: k == Hello || k == Bye
    :: else ->
        if
        :: me == S -> take_as_s()
        :: else -> take_as_r()
        fi
    fi;
    if
    :: opens -> open_epoch()
    :: else
    fi;
    if
    :: next == SYNCING -> confirm(); send_sizes()
    :: next == OPEN && row == SETTLING -> confirm()
    :: else
    fi;
    at = END(l, me);
    if
    :: next == CLOSED -> close_end(me, l)
    :: else -> state[at] = next
    fi
}

/* --- processes ------------------------------------------------------------ */

#define MAY_TAKE(L) (state[END(L, me)] != CLOSED && \
    nempty(to[END(L, me)]) && ROOM(me, L))
#define IS_FREE(L) (state[END(L, 0)] == CLOSED && state[END(L, 1)] == CLOSED)
#define IS_DIALLING(L) (dialler[L] == me && state[END(L, me)] != CLOSED && \
    state[END(L, me)] != OPEN)
#define IS_UP (current[me] != 0 && state[END(CURRENT, me)] == OPEN)
#define MAY(count, most) ((most) == 99 || (count) < (most))
#define COUNT(count, most) count = ((most) == 99 -> 0 : (count) + 1)

/* Dispatch: the entry, its head and its place in the flight. */
inline dispatch()
{
    i = 1;
    do
    :: !(disk[S].outbox & BIT(i)) -> i++
    :: else -> break
    od;
    disk[S].outbox = disk[S].outbox & ~BIT(i);
    append(i);
    i = 0
}

/* Frames are made from cursors: leaves, then their head, then bodies. */
inline fill()
{
    if
    :: leaves_sent < disk[S].size ->
        SEND(Leaves, disk[S].epoch, leaves_sent, disk[S].log, disk[S].size, 0);
        leaves_sent = disk[S].size
    :: leaves_sent == disk[S].size && head_sent < disk[S].size ->
        SEND(Head, disk[S].epoch, disk[S].size, disk[S].log, 0, 0);
        head_sent = disk[S].size
    :: else ->
        i = 0;
        do
        :: !(bodies_due & BIT(i)) -> i++
        :: else -> break
        od;
        SEND(Bodies, disk[S].epoch, i, 0, AT(disk[S].log, i), 0);
        bodies_due = bodies_due & ~BIT(i);
        i = 0
    fi
}

#ifdef BEFORE_SIZES
#define MAY_DISPATCH (current[S] != 0)
#else
#define MAY_DISPATCH live
#endif

proctype node(byte me)
{
end_it:
    do
    :: atomic { MAY_TAKE(0) || MAY_TAKE(1) ->
        if
        :: MAY_TAKE(0) -> l = 0
        :: MAY_TAKE(1) -> l = 1
        fi;
        take() }
    /* Without a link it is dialled; the caller renews one that is open. */
    :: atomic { (DIALLER == me || DIALLER == BOTH) &&
                (current[me] == 0 ||
                 (MAY(renewals, RENEWALS) && IS_UP && !dead[CURRENT] &&
                  dialler[CURRENT] == me)) &&
                !IS_DIALLING(0) && !IS_DIALLING(1) &&
                (IS_FREE(0) || IS_FREE(1)) ->
        if
        :: current[me] != 0 -> COUNT(renewals, RENEWALS)
        :: else
        fi;
        l = (IS_FREE(0) -> 0 : 1);
        dial() }
    :: atomic { me == S && MAY_DISPATCH && disk[S].outbox != 0 -> dispatch() }
#if MESSAGES > 0
    :: atomic { me == S && live && IS_UP && ROOM(S, CURRENT) &&
                (head_sent < disk[S].size || bodies_due != 0) ->
        l = CURRENT;
        fill() }
#endif
    :: atomic { me == R && IS_UP && ROOM(R, CURRENT) &&
                (cosigned_due || fetch_due || disk[R].bad != 0) ->
        l = CURRENT;
        if
        :: cosigned_due ->
            SEND(Cosigned, disk[R].epoch, disk[R].cosigned,
                 ROOT(disk[R].log, disk[R].cosigned), 0, 0);
            cosigned_due = 0
        :: fetch_due ->
            SEND(Fetch, staged_epoch, fetch_from, 0, 0, 0);
            fetch_due = 0; fetch_from = 0
        :: !cosigned_due && !fetch_due ->
            SEND(BadHead, disk[R].bad, disk[R].bad_n, disk[R].bad_log, 0, 0)
        fi }
#ifdef COSIGN_BEFORE_SAVE
    :: atomic { me == R && unsaved ->
        unsaved = 0; was_have = 0; was_heads = 0; was_shown = 0;
        was_cosigned = 0;
        durable = durable | disk[R].shown }
#endif
    od
}

/* Each end of a broken link notices, at once or late. */
#define MAY_NOTICE(L, node) (dead[L] && state[END(L, node)] != CLOSED)

active proctype tcp()
{
end_it:
    do
    :: atomic { MAY_NOTICE(0, S) || MAY_NOTICE(0, R) || MAY_NOTICE(1, S) ||
                MAY_NOTICE(1, R) ->
        if
        :: MAY_NOTICE(0, S) -> l = 0; who = S
        :: MAY_NOTICE(0, R) -> l = 0; who = R
        :: MAY_NOTICE(1, S) -> l = 1; who = S
        :: MAY_NOTICE(1, R) -> l = 1; who = R
        fi;
        close_end(who, l) }
    od
}

/* --- faults --------------------------------------------------------------- */

inline crash()
{
    l = 0;
    do
    :: l < 2 ->
        if
        :: state[END(l, who)] != CLOSED -> close_end(who, l)
        :: else
        fi;
        l++
    :: else -> break
    od;
    if
    :: who == R ->
        refetched = 0;
        lost_epoch = 0; lost = 0; lost_log = 0;
#ifdef COSIGN_BEFORE_SAVE
        if
        :: unsaved ->
            disk[R].have = was_have; disk[R].heads = was_heads;
            disk[R].shown = was_shown; disk[R].cosigned = was_cosigned;
            unsaved = 0; was_have = 0; was_heads = 0; was_shown = 0;
            was_cosigned = 0
        :: else
        fi
#endif
    :: else
    fi
}

/* Disk `a` is made what disk `b` is. */
inline copy_disk(a, b)
{
    disk[a].confirmed = disk[b].confirmed;
    disk[a].pending = disk[b].pending;
    disk[a].branch = disk[b].branch;
    disk[a].epoch = disk[b].epoch;
    disk[a].size = disk[b].size;
    disk[a].cosigned = disk[b].cosigned;
    disk[a].log = disk[b].log;
    disk[a].outbox = disk[b].outbox;
    disk[a].known = disk[b].known;
    disk[a].have = disk[b].have;
    disk[a].heads = disk[b].heads;
    disk[a].shown = disk[b].shown;
    disk[a].stopped = disk[b].stopped;
    disk[a].bad = disk[b].bad;
    disk[a].bad_n = disk[b].bad_n;
    disk[a].bad_log = disk[b].bad_log;
    disk[a].overtaken = disk[b].overtaken
}

#define SCRATCH 3
#define FAIL 1    /* a crash */
#define BREAK 2   /* a link */
#define RESTORE 3 /* the older copy is put back, and kept */
#define SWAP 4    /* the other copy runs now */

active proctype fault()
{
end_it:
    do
    :: atomic {
        if
        :: MAY(crashes, CRASHES) ->
            COUNT(crashes, CRASHES);
            what = FAIL;
            if
            :: who = S
            :: who = R
            fi
        :: MAY(breaks, BREAKS) && !IS_FREE(0) && !dead[0] ->
            what = BREAK; l = 0
        :: MAY(breaks, BREAKS) && !IS_FREE(1) && !dead[1] ->
            what = BREAK; l = 1
#if SWAPS + RESTORES > 0
        :: copied && restores < RESTORES ->
            restores++;
            what = RESTORE; who = COPY
        :: copied && swaps < SWAPS ->
            swaps++;
            what = SWAP; who = COPY
#endif
        fi;
        if
        :: what == BREAK ->
            COUNT(breaks, BREAKS);
            dead[l] = 1
        :: else -> crash()
        fi;
        if
#if RESTORES > 0
        :: what == RESTORE ->
            copy_disk(COPY, OTHER);
            disk[COPY].branch = 1 + restores;
            disk[OTHER].overtaken = 0 /* a third branch begins its own row */
#endif
#if SWAPS > 0
        :: what == SWAP ->
            copy_disk(SCRATCH, COPY);
            copy_disk(COPY, OTHER);
            copy_disk(OTHER, SCRATCH)
#endif
        :: else
        fi;
        what = 0; who = 0; l = 0 }
#if SWAPS + RESTORES > 0
    :: atomic { !copied ->
        copied = 1;
        copy_disk(OTHER, COPY);
        disk[COPY].branch = 1;
        disk[OTHER].branch = 2 }
#endif
    od
}

/* The pairing: the first epoch's OPEN is written. */
init {
    atomic {
        disk[S].outbox = ALL;
        disk[S].epoch = EPOCH(1, 0);
        disk[S].known = 1 << 4;
        disk[S].size = 1;
        signed_epoch[1] = disk[S].epoch;
        signed_n[1] = 1;
        run node(S);
        run node(R)
    }
}

#define DELIVERED ((disk[R].shown & ALL) == ALL && disk[S].outbox == 0 && \
                   disk[S].cosigned == disk[S].size)

/* (7) */
#ifdef LIVE
ltl delivered { <> [] DELIVERED }
#endif
