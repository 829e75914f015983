#include "kernel/device/rtc.hpp"

#include "kernel/cpu/ports.hpp"

namespace kernel {

namespace {

constexpr uint16_t Index = 0x70;
constexpr uint16_t Data = 0x71;

// Registers (MC146818 data sheet, table 2); the century is where ACPI's FADT of every PC says it is.
constexpr uint8_t Seconds = 0x00, Minutes = 0x02, Hours = 0x04, Day = 0x07, Month = 0x08, Year = 0x09,
                  Century = 0x32;
constexpr uint8_t StatusA = 0x0a, StatusB = 0x0b;
constexpr uint8_t UpdateInProgress = 0x80; // status A
constexpr uint8_t Binary = 0x04;           // status B
constexpr uint8_t TwentyFourHours = 0x02;  // status B
constexpr uint8_t Afternoon = 0x80;        // hours, in 12-hour mode

uint8_t read(uint8_t reg)
{
    out8(Index, reg);
    return in8(Data);
}

struct Reading {
    uint8_t second, minute, hour, day, month, year, century;
    bool operator==(const Reading &) const = default;
};

Reading read_all()
{
    for (unsigned polls = 0; polls < 10'000 && (read(StatusA) & UpdateInProgress); polls++) {}
    return {read(Seconds), read(Minutes), read(Hours), read(Day), read(Month), read(Year), read(Century)};
}

constexpr bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

} // namespace

uint64_t seconds_since_1970(unsigned year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                            unsigned second)
{
    constexpr unsigned before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    uint64_t days = day - 1;
    for (unsigned y = 1970; y < year; y++) days += is_leap(y) ? 366 : 365;
    days += before_month[month - 1] + (month > 2 && is_leap(year) ? 1 : 0);
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

uint64_t rtc_seconds()
{
    // An update may have begun between two reads: believe what was read twice.
    Reading r = read_all();
    for (unsigned tries = 0; tries < 5; tries++) {
        Reading again = read_all();
        if (again == r) break;
        r = again;
    }
    uint8_t status = read(StatusB);
    auto number = [&](uint8_t value) -> unsigned {
        return status & Binary ? value : (value >> 4) * 10u + (value & 15u);
    };
    bool afternoon = !(status & TwentyFourHours) && (r.hour & Afternoon);
    unsigned hour = number(r.hour & static_cast<uint8_t>(~Afternoon));
    if (!(status & TwentyFourHours)) hour = hour % 12 + (afternoon ? 12 : 0);

    unsigned year = number(r.century) * 100 + number(r.year);
    if (year < 1970 || year > 2200) year = 2000 + number(r.year) % 100;
    unsigned month = number(r.month), day = number(r.day);
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return 0;
    return seconds_since_1970(year, month, day, hour, number(r.minute), number(r.second));
}

} // namespace kernel
