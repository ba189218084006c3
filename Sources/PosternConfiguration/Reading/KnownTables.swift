/// Every table of the folder. The schemas for editors know the same keys; a test compares them.
extension KnownTable {
  package static let all = [
    installation, store, intakeLimits, entity, periods, policies, paymentTolerance,
    deferralException, connection, connectionLimits, connectionTimeouts, blackout, source,
    entityFrom, accountRow, match, taxCode, dimension, bankAccount, ledger, sourceDefaults,
    dimensionRow, intercompany, halfPosted, delivery, collection, ruleTest, expectedLine, audit,
    webhook,
    exceptions, exceptionRule, alerts, alertMail, alertRecipient, alertRule, alertStep,
  ]

  // MARK: postern.yaml

  static let installation = KnownTable(
    "postern.yaml", schema: "postern.schema.json",
    keys: ["installation", "defaultSource", "store", "limits", "groups", "audit", "activation"])
  static let audit = KnownTable(
    "the audit trail", schema: "postern.schema.json#/properties/audit", keys: ["key", "every"])
  static let store = KnownTable(
    "the store", schema: "postern.schema.json#/properties/store", keys: ["sqlite"])
  static let intakeLimits = KnownTable(
    "the limits", schema: "postern.schema.json#/properties/limits",
    keys: ["bodyBytes", "stringBytes", "jsonDepth", "xmlDepth", "lines"])

  // MARK: entities

  static let entity = KnownTable(
    "an entity", schema: "entity.schema.json",
    keys: [
      "code", "name", "country", "currency", "timeZone", "fiscalYearStart", "periods",
      "connection", "policies", "chart", "ledgers",
    ])
  static let ledger = KnownTable(
    "a ledger", schema: "entity.schema.json#/$defs/ledger",
    keys: ["connection", "policies", "periods"])
  static let periods = KnownTable(
    "the periods", schema: "entity.schema.json#/properties/periods", keys: ["closed"])
  static let policies = KnownTable(
    "the policies", schema: "entity.schema.json#/properties/policies",
    keys: [
      "deferral", "closedPeriod", "posting", "summaries", "rounding", "taxTolerance",
      "discounts",
      "taxAtOfficialRate", "rateMaximumAgeDays", "rateType", "rateSource",
      "earlyPaymentDiscountTax", "lostChargeback", "badDebtTaxRelief", "largerChargeback",
      "correctionRate", "writeOff", "paymentTolerance", "revisions", "deferralExceptions",
      "creditReshaping", "contractChange", "recognition", "usageAccrual",
    ])

  static let paymentTolerance = KnownTable(
    "a tolerance",
    schema:
      "entity.schema.json#/properties/policies/properties/paymentTolerance/additionalProperties",
    keys: ["absolute", "percent"])

  static let deferralException = KnownTable(
    "an exception from deferral",
    schema: "entity.schema.json#/properties/policies/properties/deferralExceptions/items",
    keys: ["product", "family", "method"])

  // MARK: connections and sources

  /// The keys of every connection; the adapter adds its own.
  static let connection = KnownTable(
    "a connection", schema: "connection.schema.json",
    keys: [
      "adapter", "limits", "timeouts", "errors", "readBack", "pollEvery", "acknowledgeWithin",
      "blackouts", "timeZone", "createCustomers",
    ])
  static let connectionLimits = KnownTable(
    "the limits of a connection", schema: "connection.schema.json#/properties/limits",
    keys: [
      "concurrency", "perSecond", "perMinute", "perDay", "perMonth", "errorsPerHour",
      "retryPercent",
    ])
  static let blackout = KnownTable(
    "a blackout", schema: "connection.schema.json#/properties/blackouts/items",
    keys: ["days", "from", "through"])
  static let connectionTimeouts = KnownTable(
    "the timeouts of a connection", schema: "connection.schema.json#/properties/timeouts",
    keys: ["connect", "request"])
  static let source = KnownTable(
    "a source", schema: "source.schema.json",
    keys: [
      "format", "entity", "entityFrom", "approval", "identity", "documentPeriodAppliesToLines",
      "selfBilled", "webhookSecret", "webhook", "waitLimit", "defaults",
    ])
  static let sourceDefaults = KnownTable(
    "the defaults of a source", schema: "source.schema.json#/properties/defaults",
    keys: ["dimensions", "custom"])
  static let webhook = KnownTable(
    "a webhook", schema: "source.schema.json#/properties/webhook", keys: ["url", "secret"])
  static let entityFrom = KnownTable(
    "'entityFrom'", schema: "source.schema.json#/properties/entityFrom",
    keys: ["field", "entities"])

  // MARK: exceptions and alerts

  static let exceptions = KnownTable(
    "exceptions.yaml", schema: "exceptions.schema.json", keys: ["secondPerson", "rules"])
  static let exceptionRule = KnownTable(
    "a rule about exceptions", schema: "exceptions.schema.json#/properties/rules/items",
    keys: ["class", "entity", "connection", "owner", "sla"])
  static let alerts = KnownTable(
    "alerts.yaml", schema: "alerts.schema.json", keys: ["mail", "recipients", "rules"])
  static let alertMail = KnownTable(
    "the mail server", schema: "alerts.schema.json#/properties/mail",
    keys: ["server", "from", "user", "password", "tls"])
  static let alertRecipient = KnownTable(
    "a recipient", schema: "alerts.schema.json#/$defs/recipient",
    keys: ["mail", "webhook", "secret"])
  static let alertRule = KnownTable(
    "a rule about alerts", schema: "alerts.schema.json#/properties/rules/items",
    keys: ["class", "entity", "connection", "notify", "escalate"])
  static let alertStep = KnownTable(
    "a step of an alert", schema: "alerts.schema.json#/$defs/step", keys: ["after", "notify"])

  // MARK: lists

  static let accountRow = KnownTable(
    "a row of an account table", schema: "accounts.schema.json#/items",
    keys: ["when", "from", "through", "account", "dimensions"])
  static let match = KnownTable(
    "a condition", schema: "accounts.schema.json#/$defs/match",
    keys: ["prefix", "from", "through"])
  static let taxCode = KnownTable(
    "a tax code", schema: "taxes.schema.json#/items",
    keys: ["code", "category", "rate", "account", "recoverableAccount"])
  static let dimension = KnownTable(
    "a dimension", schema: "dimensions.schema.json#/items",
    keys: ["code", "name", "values", "roles", "required", "derive"])
  static let dimensionRow = KnownTable(
    "a row of a dimension", schema: "dimensions.schema.json#/$defs/row",
    keys: ["when", "from", "through", "value", "valueOf"])
  static let intercompany = KnownTable(
    "intercompany.yaml", schema: "intercompany.schema.json",
    keys: ["deliveries", "collections", "halfPosted"])
  static let halfPosted = KnownTable(
    "the course for documents that are posted in part",
    schema: "intercompany.schema.json#/$defs/halfPosted", keys: ["course", "after"])
  static let delivery = KnownTable(
    "a delivery between entities", schema: "intercompany.schema.json#/$defs/delivery",
    keys: ["biller", "deliverer", "treatment", "markUp", "tax", "from", "through"])
  static let collection = KnownTable(
    "a collection between entities", schema: "intercompany.schema.json#/$defs/collection",
    keys: ["owner", "collector"])
  static let bankAccount = KnownTable(
    "a bank account", schema: "bank-accounts.schema.json#/items",
    keys: ["code", "kind", "entity", "currency", "account"])
  static let ruleTest = KnownTable(
    "a rule test", schema: "tests.schema.json#/items",
    keys: ["name", "source", "document", "lines", "stops"])
  static let expectedLine = KnownTable(
    "an expected line", schema: "tests.schema.json#/$defs/line",
    keys: ["entity", "role", "account", "side", "amount", "functionalAmount", "dimensions"])
}
