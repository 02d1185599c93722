// Lists the instruments that the installed library carries.
#include <appraise/appraise.hpp>
#include <iostream>

int main() {
  std::cout << "appraise " << appraise::version() << '\n';
  for (const appraise::Edition& edition : appraise::built_in_instruments()) {
    std::cout << edition.id << ' ' << edition.edition << '\n';
  }
}
