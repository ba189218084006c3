import AdapterKit
import Ledger
import PostingEngine
import PostingRules
import Testing

/// A small group of companies, and documents that tests write in one line.
enum Sample {
  static let germany = LegalEntityID("DE01")
  static let america = LegalEntityID("US01")
  static let germanERP = ConnectionID("erp-de")
  static let americanERP = ConnectionID("erp-us")
  static let source = "billing"
  static let now = Simulation.start

  static func currency(_ code: String) -> Currency {
    guard let currency = Currency(code) else { preconditionFailure("a currency that exists") }
    return currency
  }

  static let euro = currency("EUR")
  static let dollar = currency("USD")

  static func euros(_ text: String) throws -> Money { try Money(text, euro) }

  static func day(_ text: String) -> CalendarDate {
    guard let day = CalendarDate(text) else { preconditionFailure("a day that exists") }
    return day
  }

  static func identity(_ type: DocumentType, _ id: String) -> DocumentIdentity {
    DocumentIdentity(source: source, type: type, id: id)
  }

  /// Two entities with an ERP each, and an account for every role but those left out.
  static func book(
    version: String = "sha256:1", without left: Set<AccountRole> = [], closed: [String] = [],
    closedPeriod: EntityPolicies.ClosedPeriod = .hold
  ) -> RuleBook {
    let periods = Set(closed.compactMap { FiscalPeriod($0) })
    func rules(_ id: LegalEntityID, _ currency: Currency, _ erp: ConnectionID) -> EntityRules {
      var policies = EntityPolicies()
      policies.closedPeriod = closedPeriod
      return EntityRules(
        entity: LegalEntity(
          id: id, name: id.code, country: String(id.code.prefix(2)), functionalCurrency: currency),
        policies: policies, closedPeriods: periods,
        connections: [EntryHead.primaryLedger: erp])
    }
    let tables = AccountRole.allCases.filter { !left.contains($0) }.map { role in
      AccountTable(
        role: role, file: "accounts/\(role.rawValue).yaml",
        rows: [AccountRow(number: 1, account: AccountCode(role.rawValue))])
    }
    return RuleBook(
      version: version,
      entities: [
        germany: rules(germany, euro, germanERP), america: rules(america, dollar, americanERP),
      ], accounts: AccountDetermination(tables),
      moneyAccounts: ["BANK": MoneyAccount(code: "BANK", kind: .bank)])
  }

  private static func document(
    _ type: DocumentType, _ id: String, revision: Int, entity: LegalEntityID, on day: String,
    in currency: Currency, rate: ExchangeRate? = nil, body: Document.Body
  ) -> Document {
    Document(
      identity: identity(type, id), revision: revision, entity: entity, reference: id,
      documentDate: Sample.day(day), currency: currency, exchangeRate: rate,
      customer: Customer(id: "C-1"), approval: Approval(by: "run", at: nil), body: body)
  }

  private static func content(
    _ net: Money, lines: Int = 1, preceding: [String] = []
  ) -> BilledContent {
    let zero = Money.zero(net.currency)
    let share = Money(minorUnits: net.minorUnits / Int64(lines), net.currency)
    let rest = Money(
      minorUnits: net.minorUnits - share.minorUnits * Int64(lines - 1), net.currency)
    return BilledContent(
      lines: (1...lines).map { number in
        DocumentLine(
          id: "\(number)", product: "P\(number)", net: number == lines ? rest : share)
      },
      totals: DocumentTotals(net: net, tax: zero, gross: net, rounding: zero, prepaid: zero),
      precedingInvoices: preceding)
  }

  static func invoice(
    _ id: String, _ net: String, revision: Int = 1, entity: LegalEntityID = germany,
    on day: String = "2026-03-02", in currency: Currency = euro, rate: ExchangeRate? = nil,
    lines: Int = 1
  ) throws -> Document {
    document(
      .invoice, id, revision: revision, entity: entity, on: day, in: currency, rate: rate,
      body: .invoice(Invoice(content: content(try Money(net, currency), lines: lines))))
  }

  static func creditMemo(
    _ id: String, _ net: String, to applications: [(String, String)] = [],
    preceding: [String] = [], revision: Int = 1
  ) throws -> Document {
    let settlements = try applications.map {
      CreditMemo.Settlement(invoice: $0.0, amount: try euros($0.1))
    }
    return document(
      .creditMemo, id, revision: revision, entity: germany, on: "2026-03-02", in: euro,
      body: .creditMemo(
        CreditMemo(
          content: content(try euros(net), preceding: preceding), appliesTo: settlements)))
  }

  static func payment(
    _ id: String, _ amount: String, to applications: [(String, String)] = [], revision: Int = 1,
    entity: LegalEntityID = germany, on day: String = "2026-03-02"
  ) throws -> Document {
    document(
      .payment, id, revision: revision, entity: entity, on: day, in: euro,
      body: .payment(
        Payment(
          amount: try euros(amount), method: .bankTransfer, account: "BANK",
          applications: try applications.map {
            InvoiceApplication(invoice: $0.0, amount: try euros($0.1))
          })))
  }

  static func void(_ id: String, of type: DocumentType, _ target: String) -> Document {
    document(
      .void, id, revision: 1, entity: germany, on: "2026-03-10", in: euro,
      body: .void(of: identity(type, target)))
  }

  static func application(
    _ id: String, from payment: String, to applications: [(String, String)]
  ) throws -> Document {
    document(
      .application, id, revision: 1, entity: germany, on: "2026-03-02", in: euro,
      body: .application(
        Application(
          from: identity(.payment, payment),
          applications: try applications.map {
            InvoiceApplication(invoice: $0.0, amount: try euros($0.1))
          })))
  }
}
