// The part of the exhibit "escape" that tells what compilers notice.
#pragma once

#include "user/lib/block.hpp"

void quote_compiler(exhibit::Block &output);
