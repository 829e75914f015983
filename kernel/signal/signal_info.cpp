#include "kernel/signal/signal_info.hpp"

namespace kernel {

UserSignalInfo SignalInfo::to_user() const
{
    UserSignalInfo told{.number = static_cast<int32_t>(signal), .error = error, .code = code};
    if (has_address())
        told.details = {address.value()};
    else
        told.details = {static_cast<uint32_t>(sender) | uint64_t{user} << 32, value, user_time, system_time};
    return told;
}

SignalInfo SignalInfo::from_user(Signal signal, const UserSignalInfo &told)
{
    return {.signal = signal,
            .origin = Origin::Program,
            .code = told.code,
            .error = told.error,
            .sender = static_cast<int32_t>(told.details[0]),
            .user = static_cast<uint32_t>(told.details[0] >> 32),
            .value = told.details[1],
            .user_time = told.details[2],
            .system_time = told.details[3]};
}

} // namespace kernel
