# node/host/turn.c
# Frames leave before the turn's commit; link 0 is none, so that the same
# frame does not leave twice.
/^save(struct turn \*turn)/,/^}/ s|^    turn->ops->save(.*|    for (size_t i = 0; i < turn->effects.count; i++)\
        if (turn->effects.list[i].kind == EFFECT_SEND) {\
            do_effect(turn, \&turn->effects.list[i]);\
            turn->effects.list[i].link = 0;\
        }\
&|
