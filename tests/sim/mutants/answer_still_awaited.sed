# node/core/log/answer.c
# Who sent a message goes on waiting when it was declined.
/^settles(/,/^}/ s/ || state == STATE_DECLINED//
