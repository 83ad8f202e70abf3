# node/host/turn.c
# An officer hears "queued" before the turn's commit.
/^save(struct turn \*turn)/,/^}/ s|^    turn->ops->save(.*|    for (size_t i = 0; i < turn->effects.count; i++)\
        if (turn->effects.list[i].kind == EFFECT_TELL)\
            do_effect(turn, \&turn->effects.list[i]);\
&|
