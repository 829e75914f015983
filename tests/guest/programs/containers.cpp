// The C++ standard library at work: containers, algorithms, strings, streams, all from the heap.
#include <algorithm>
#include <bitset>
#include <deque>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

int main()
{
    std::mt19937 random(2026);
    std::map<int, std::string> tree;
    std::unordered_map<std::string, int> hashes;
    for (int i = 0; i < 20000; ++i) {
        int key = static_cast<int>(random() % 50000);
        tree[key] = "value " + std::to_string(key * 3);
        hashes[tree[key]] += i;
        if (i % 3 == 0) tree.erase(static_cast<int>(random() % 50000));
    }
    std::cout << "map " << tree.size() << ", first " << tree.begin()->second << ", last "
              << tree.rbegin()->second << '\n';
    long sum = 0;
    for (const auto &[key, value] : hashes) sum += value;
    std::cout << "unordered_map " << hashes.size() << ", sum " << sum << '\n';

    std::vector<unsigned> numbers(200000);
    std::generate(numbers.begin(), numbers.end(), [&] { return static_cast<unsigned>(random()); });
    std::sort(numbers.begin(), numbers.end());
    std::cout << "sorted " << std::is_sorted(numbers.begin(), numbers.end()) << ' ' << numbers.front() << ' '
              << numbers[100000] << ' ' << numbers.back() << '\n';
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    std::cout << "unique " << numbers.size() << '\n';

    std::deque<std::string> queue;
    for (int i = 0; i < 10000; ++i) {
        queue.push_back(std::string(static_cast<size_t>(i % 100), 'a' + i % 26));
        if (i % 2) queue.pop_front();
    }
    std::cout << "deque " << queue.size() << ' ' << queue.front().size() << '\n';

    std::list<std::unique_ptr<std::string>> list;
    for (int i = 0; i < 1000; ++i) list.push_front(std::make_unique<std::string>(std::to_string(i)));
    list.remove_if([](const auto &text) { return text->size() < 3; });
    std::cout << "list " << list.size() << ' ' << *list.front() << ' ' << *list.back() << '\n';

    std::set<std::string> words;
    std::istringstream text("the quick brown fox jumps over the lazy dog and the cat");
    for (std::string word; text >> word;) words.insert(word);
    for (const auto &word : words) std::cout << word << ' ';
    std::cout << '\n';

    std::ostringstream out;
    out << std::hex << std::setfill('0') << std::setw(8) << 0xbeef << ' ' << std::dec << std::fixed
        << std::setprecision(3) << 3.14159 << ' ' << std::boolalpha << true << ' ' << std::bitset<8>(42);
    std::cout << out.str() << '\n';
    std::vector<int> steps(10);
    std::iota(steps.begin(), steps.end(), 1);
    std::cout << std::accumulate(steps.begin(), steps.end(), 1L, std::multiplies<long>()) << std::endl;
}
