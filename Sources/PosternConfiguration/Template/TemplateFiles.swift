import Ledger

/// The files of the first configuration, as text.
struct TemplateFiles {
  let installation: String
  /// The path of the chart in the folder.
  let chartFile: String
  let accounts: FallbackAccounts

  /// By path in the folder; charts, rates and schemas come beside them.
  var texts: [String: String] {
    var texts = [
      ".gitignore": "data/\n",
      "postern.yaml": postern, "entities/DEMO.yaml": entity, "connections/erp.yaml": connection,
      "sources/demo.yaml": source, "bank-accounts.yaml": bankAccounts, "taxes.yaml": taxes,
      "dimensions.yaml": dimensions, "exceptions.yaml": exceptions,
      "intercompany.yaml": intercompany, "tests/invoices.yaml": tests,
    ]
    for role in AccountRole.allCases { texts["accounts/\(role.rawValue).yaml"] = table(of: role) }
    for (file, text) in texts {
      guard let schema = ConfigurationSchemas.name(forFile: file) else { continue }
      let folder = file.contains("/") ? "../schemas" : "schemas"
      texts[file] = "# yaml-language-server: $schema=\(folder)/\(schema)\n" + text
    }
    return texts
  }

  private var postern: String {
    """
    # What holds for the installation as a whole. 'postern check' checks this folder.

    # Made once, and part of every posting key: keep it, and never copy it to a second installation.
    installation: "\(installation)"

    # Where documents come from that name no source: a file in sources/.
    defaultSource: demo

    store:
      sqlite: data/postern.sqlite

    # Groups of entities share rows of the account tables: when: { group: EU }
    groups:
      # EU: [DEMO]

    """
  }

  private var exceptions: String {
    """
    # Who owns exceptions, how long they may stay open, and what takes two people.

    # Actions that another person has to approve with 'postern exceptions approve'.
    secondPerson: [] # [resolve, declareAbsent, discard, reverse]

    # The first rule that says it decides owner and time, each on its own.
    rules:
      # - { class: missing_mapping, entity: DEMO, owner: chart-of-accounts, sla: 1d }
      - sla: 2d

    """
  }

  private var entity: String {
    """
    # A company with its own books. Copy this file for each of yours; its name is the code.
    code: DEMO
    name: Demo company
    country: DE
    currency: EUR # the currency of the books
    timeZone: Europe/Berlin
    fiscalYearStart: 1
    connection: erp # a file in connections/
    chart: \(chartFile)

    periods:
      closed: [] # all others are open: [2026-08, 2026-09]

    policies:
      deferral: off # daily, monthly …: lines with a service period go to deferredRevenue
      closedPeriod: hold # or nextOpen, ask
      posting: detail
      discounts: gross # net: taken off the lines they belong to

    """
  }

  private var connection: String {
    """
    # One way into one ERP: here the mock ERP that comes with Postern ('mock-erp serve').
    adapter: generic-rest
    url: http://127.0.0.1:8081/generic/rest
    company: DEMO

    # Secrets are never written here, only where they are: env:NAME or file:PATH.
    # auth: { type: bearer, token: env:ERP_TOKEN }

    limits:
      concurrency: 4
    timeouts:
      connect: 10s
      request: 60s

    # Where 'postern reconcile' reads the books of the ERP.
    readBack: http://127.0.0.1:8081/_admin/journal?company={company}&period={period}

    """
  }

  private var source: String {
    """
    # A billing system. This one takes any EN 16931 invoice (UBL or CII) of any seller, and canonical
    # JSON, in any currency.
    format: auto
    entity: DEMO # for documents that name none
    approval: trusted # it hands over approved documents only; required: each says who approved it
    identity: sellerAndNumber # two sellers may use the same invoice number

    """
  }

  private var bankAccounts: String {
    """
    # Where money arrives, as payments name it. The kind decides the role: bank or processorClearing.
    - code: BANK
      kind: bank
    - code: PROCESSOR
      kind: processor

    """
  }

  private var taxes: String {
    """
    # Known tax codes. While there is none, codes are taken as documents write them.
    # - code: DE-19
    #   category: S
    #   rate: 19
    #   account: 2200 # else accounts/taxPayable.yaml decides

    """
  }

  private var dimensions: String {
    """
    # Dimensions that the books know. Documents and account tables give them to lines; for the rest
    # the most specific row below 'derive' does.
    # - code: department
    #   name: Department
    #   values: [CS, ENG]
    #   roles: [revenue, deferredRevenue]
    #   required: on # lines of these roles stop without it
    #   derive:
    #     - when: { family: subscription }
    #       value: CS
    #     - valueOf: custom.department

    """
  }

  private var intercompany: String {
    """
    # Agreements between entities. Documents that need one stop without it.
    deliveries:
      # - biller: US01 # who bills the customer
      #   deliverer: UK01 # whom lines name as deliveredBy
      #   treatment: principal # the biller sells, and buys from the deliverer; passThrough: the revenue is the deliverer's
      #   markUp: 10 # per cent above the line's net
      #   tax: RC-20 # a code of taxes.yaml; of category AE or K the biller assesses it itself
    collections:
      # - owner: US01 # whose money it is: collectedFor
      #   collector: UK01

    """
  }

  private var tests: String {
    """
    # What documents must become: 'postern rules test' runs these.
    - name: an invoice with one taxed line
      source: demo
      document:
        type: invoice
        source: demo
        id: TEST-1
        entity: DEMO
        documentDate: 2026-10-31
        currency: EUR
        customer: { id: C-1 }
        lines:
          - id: 1
            product: PLAN
            net: 100.00
            taxes: [{ code: S-19, category: S, rate: 19, base: 100.00, amount: 19.00 }]
        totals: { net: 100.00, tax: 19.00, gross: 119.00 }
      lines:
        - { role: receivable, account: \(last(.receivable)), side: debit, amount: 119.00 }
        - { role: revenue, account: \(last(.revenue)), side: credit, amount: 100.00 }
        - { role: taxPayable, account: \(last(.taxPayable)), side: credit, amount: 19.00 }

    """
  }

  /// The account of the row that always holds.
  private func last(_ role: AccountRole) -> String { accounts.rows(of: role).last?.account ?? "" }

  private func table(of role: AccountRole) -> String {
    var text = "# \(role.meaning)\n"
    if role == .revenue {
      text +=
        "# Of the rows that hold, one that names the entity decides, else one that names a group, "
        + "else the\n# one with the most conditions. Conditions: product, family, customer, country, "
        + "currency …\n"
    }
    for row in accounts.rows(of: role) {
      text +=
        row.when.map { "- when: { \($0) }\n  account: \(row.account)\n" }
        ?? "- account: \(row.account)\n"
    }
    return text
  }
}

extension AccountRole {
  /// What the role's lines are, in one line for the person who chooses the account.
  package var meaning: String {
    switch self {
    case .receivable: "What customers owe."
    case .revenue: "Revenue, by kind of line and tax category."
    case .discount: "Discounts given, while the policy 'discounts' is gross."
    case .deferredRevenue: "Billed, and earned later."
    case .unbilledRevenue: "Earned, and billed later."
    case .taxPayable: "Tax on what was sold."
    case .taxRecoverable: "Tax on what was bought."
    case .unappliedCash: "Customers' money that settles no invoice yet."
    case .customerCredit: "What customers may still use or get back."
    case .customerAdvance: "Billed by prepayment invoices."
    case .bank: "Money in the bank."
    case .processorClearing: "What payment processors owe us."
    case .paymentFee: "Fees that payment processors keep."
    case .disputeFee: "Fees for disputed payments."
    case .bankCharge: "Fees that banks keep."
    case .disputeReceivable: "Money withdrawn while a dispute is open."
    case .chargebackLoss: "Disputes that were lost."
    case .badDebt: "Receivables given up."
    case .allowance: "Receivables that may not be paid."
    case .badDebtRecovered: "Money on receivables that had been given up."
    case .realisedFXGain: "Exchange gains of settled items."
    case .realisedFXLoss: "Exchange losses of settled items."
    case .unrealisedFXGain: "Exchange gains of open items at period end."
    case .unrealisedFXLoss: "Exchange losses of open items at period end."
    case .receivableRevaluation: "Revaluation of receivables, beside the items themselves."
    case .fxClearing: "Between two currencies of one settlement; zero afterwards."
    case .taxFXDifference: "Between the tax at the official rate and at the entry's rate."
    case .dueFrom: "What other entities of the group owe us."
    case .dueTo: "What we owe other entities of the group."
    case .intercompanyRevenue: "Revenue from entities of the group."
    case .intercompanyCost: "Cost from entities of the group."
    case .deferredCost: "Services bought from the group and not rendered yet."
    case .rounding: "What rounding leaves."
    case .withholdingTaxReceivable: "Tax that customers kept back."
    case .earlyPaymentDiscount: "Discounts taken by customers who paid early."
    case .paymentDifference: "Small differences of payments."
    case .otherIncome: "Late fees and the like."
    case .platformFeeIncome: "Fees of a platform that is ours."
    case .platformFeeExpense: "Fees of a platform that we sell through."
    case .incomeTaxCreditable: "Withheld tax that counts towards income tax."
    case .taxExpense: "Tax that nobody gives back."
    case .payable: "What we owe, on mirrored documents of the group."
    case .expense: "What we bought, on mirrored documents of the group."
    }
  }
}
