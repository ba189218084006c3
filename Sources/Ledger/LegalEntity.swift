/// A company with its own books.
public struct LegalEntity: Hashable, Sendable {
  public let id: LegalEntityID
  public let name: String
  /// ISO 3166 alpha-2.
  public let country: String
  public let functionalCurrency: Currency
  /// IANA name; days of the books begin here.
  public let timeZone: String
  /// The month, 1 to 12, in which the fiscal year begins.
  public let fiscalYearStart: Int

  public init(
    id: LegalEntityID, name: String, country: String, functionalCurrency: Currency,
    timeZone: String = "UTC", fiscalYearStart: Int = 1
  ) {
    self.id = id
    self.name = name
    self.country = country
    self.functionalCurrency = functionalCurrency
    self.timeZone = timeZone
    self.fiscalYearStart = fiscalYearStart
  }
}
