# node/core/log/arrival.c
# An answer that was taken is answered: accepted.
/^take_sealed(/,/^}/ s|return take_answer(arrival, turn, plain);|answer_note(arrival->peer, turn, arrival->witness, arrival->index, ENTENTE__ANSWER__VERDICT__ACCEPTED, STATUS_OK, arrival->leaf.precedence);\
        &|
