// C++ streams: numbers and lines from standard input, a file of the archive, formatted output.
// add: tests/guest/data/text.txt=/data/text.txt
// stdin: 3 1 4 1 5 9 2 6\nsecond line\n\nlast
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

int main()
{
    std::string line;
    std::getline(std::cin, line);
    std::istringstream numbers(line);
    std::vector<int> digits(std::istream_iterator<int>(numbers), {});
    std::cout << digits.size() << " numbers:";
    for (int digit : digits) std::cout << ' ' << digit;
    std::cout << '\n';
    while (std::getline(std::cin, line)) std::cout << '[' << line << "]\n";
    std::cout << "end " << std::cin.eof() << '\n';

    std::ifstream file("/data/text.txt");
    size_t lines = 0, characters = 0;
    while (std::getline(file, line)) ++lines, characters += line.size() + 1;
    std::cout << lines << " lines, " << characters << " characters\n";
    file.clear();
    file.seekg(4096);
    file >> line;
    std::cout << "at 4096: " << line << ", now at " << file.tellg() << '\n';
    std::ifstream missing("/data/none");
    std::cout << "missing opens: " << missing.is_open() << '\n';
    std::ofstream writing("/data/text.txt");
    std::cout << "writing opens: " << writing.is_open() << '\n';
    std::ifstream maps("/proc/self/maps");
    size_t areas = 0;
    while (std::getline(maps, line)) areas += line.find('-') != std::string::npos;
    std::cout << "more than 5 areas: " << (areas > 5) << '\n';
    std::cout << 1.0 / 3 << ' ' << 1e100 << ' ' << -0.0 << ' ' << 255 << ' ' << std::hex << 255 << std::endl;
    std::cerr << "to standard error" << std::endl;
    return digits.size() == 8 ? 0 : 1;
}
