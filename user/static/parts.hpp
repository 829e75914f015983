// The parts of the exhibit "static" that have a file of their own.
#pragma once

// "write-constant", "write-code", "run-data": does what the page does not permit, and is killed. Returns if
// `deed` is none of them.
void do_what_is_forbidden(const char *deed);
