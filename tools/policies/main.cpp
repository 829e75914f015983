// replay: a trace of page references through all policies. `make policies` builds and runs it; see
// docs/replacement.md.
#include "tools/policies/comparison.hpp"
#include "tools/policies/working_set.hpp"

#include <fstream>
#include <iostream>

namespace {

constexpr unsigned Samples = 400; // of the working set: about one for two pixels of its picture

// Status 1 when a file cannot be written.
template <typename Print> void write_file(const std::string &path, Print &&print)
{
    std::ofstream file(path);
    print(file);
    file.close();
    if (!file) throw std::runtime_error(path + " cannot be written");
}

void write_working_set(const policies::Trace &trace, const policies::Arguments &arguments)
{
    uint64_t window = arguments.window != 0 ? arguments.window : usual_window(trace);
    policies::WorkingSet set = policies::working_set(trace, window, Samples);
    write_file(arguments.working_set, [&](std::ostream &to) {
        to << "time_ns,window_ns,pages\n";
        for (const auto &point : set.points)
            to << point.time << ',' << set.window << ',' << point.pages << '\n';
    });
}

int run(const policies::Arguments &arguments)
{
    policies::Trace trace = policies::read_trace(arguments.trace);
    policies::Comparison comparison = policies::compare(trace, arguments);
    std::cout << arguments.trace << ": " << trace.references.size() << " references to " << trace.pages
              << " pages; faults, and in percent of the references\n";
    print_table(std::cout, comparison);
    if (!std::cout.flush()) throw std::runtime_error("the table cannot be written");
    if (!arguments.csv.empty())
        write_file(arguments.csv, [&](std::ostream &to) { print_csv(to, comparison); });
    if (!arguments.working_set.empty() && !trace.times.empty()) write_working_set(trace, arguments);
    return 0;
}

} // namespace

int main(int count, char **words)
{
    policies::Arguments arguments;
    try {
        arguments = policies::parse_arguments({words + 1, words + count});
        return run(arguments);
    } catch (const policies::UsageError &error) {
        std::cerr << "policies: " << error.what() << '\n';
        return 2;
    } catch (const policies::TraceError &error) {
        std::cerr << "policies: " << arguments.trace << ": " << error.what() << '\n';
        return 2;
    } catch (const std::exception &error) {
        std::cerr << "policies: " << error.what() << '\n';
        return 1;
    }
}
