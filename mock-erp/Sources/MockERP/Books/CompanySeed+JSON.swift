public import Foundation

extension CompanySeed {
  private struct List: Decodable {
    let companies: [CompanySeed]
  }

  /// Reads `{"companies":[…]}`.
  ///
  /// - Throws: ``Trouble`` with a JSON pointer to what is wrong.
  public static func read(_ json: Data) throws(Trouble) -> [CompanySeed] {
    let companies = try JSONMessage.read(List.self, from: Array(json)).companies
    for (index, company) in companies.enumerated() {
      let pointer = "/companies/\(index)"
      if company.code.isEmpty { throw invalid("A company has a code", "\(pointer)/code") }
      if let currency = company.functionalCurrency, CurrencyTable.decimals(of: currency) == nil {
        throw invalid("\(currency) is not an active currency", "\(pointer)/functionalCurrency")
      }
      for (position, period) in (company.periods ?? []).enumerated()
      where CalendarDay(period.period + "-01") == nil {
        throw invalid("A period is written YYYY-MM", "\(pointer)/periods/\(position)/period")
      }
    }
    return companies
  }

  private static func invalid(_ message: String, _ field: String) -> Trouble {
    Trouble(status: 400, code: "malformed", message: message, field: field)
  }
}
