/// The messages of Journal Entry – Post, as the service description of 2024 orders them. What the
/// description says and what is checked come from this one table.
enum SAPSchema {
  static let namespace = "http://sap.com/xi/SAPSCORE/SFIN"

  /// A type without children.
  enum Simple: Hashable, Sendable {
    case text(Int)
    case digits(Int)
    case date
    /// UTC alone: ends in `Z`.
    case moment
    case boolean
    case decimal
    /// A decimal with the attribute `currencyCode`.
    case amount
    /// Days: `P14D`.
    case days
    case integer
    case sign
  }

  indirect enum Content: Sendable {
    case simple(Simple)
    case complex(Shape)
  }

  struct Field: Sendable {
    let name: String
    let content: Content
    var isRequired = false
    var repeats = false

    var required: Field {
      var field = self
      field.isRequired = true
      return field
    }

    var repeated: Field {
      var field = self
      field.repeats = true
      return field
    }
  }

  /// An `xsd:sequence`.
  struct Shape: Sendable {
    let name: String
    let fields: [Field]
  }

  static func text(_ name: String, _ length: Int) -> Field {
    Field(name: name, content: .simple(.text(length)))
  }

  static func simple(_ type: Simple, _ names: String...) -> [Field] {
    names.map { Field(name: $0, content: .simple(type)) }
  }

  static func one(_ name: String, _ type: Simple) -> Field {
    Field(name: name, content: .simple(type))
  }

  static func complex(_ name: String, _ type: Shape) -> Field {
    Field(name: name, content: .complex(type))
  }

  // MARK: Request

  static let messageHeader = Shape(
    name: "BusinessDocumentMessageHeader",
    fields: [
      text("ID", 60), text("UUID", 36), text("ReferenceID", 60), text("ReferenceUUID", 36),
      one("CreationDateTime", .moment).required, one("TestDataIndicator", .boolean),
      text("SenderBusinessSystemID", 60), text("RecipientBusinessSystemID", 60),
      text("SenderParty", 60), text("RecipientParty", 60),
    ])

  static let amounts =
    [one("AmountInTransactionCurrency", .amount).required]
    + simple(
      .amount, "AmountInCompanyCodeCurrency", "AmountInGroupCurrency",
      "AmountInFreeDefinedCurrency1") + [one("DebitCreditCode", .sign)]

  static let tax = Shape(
    name: "JournalEntryItemTax",
    fields: [
      text("TaxCode", 2).required, text("TaxJurisdiction", 15), one("TaxItemGroup", .digits(6)),
      text("TaxCountry", 3),
    ])

  static let accountAssignment = Shape(
    name: "JournalEntryAccountAssignment",
    fields: [
      text("AccountAssignmentType", 2), text("OrderID", 12), text("ProfitCenter", 10),
      text("PartnerProfitCenter", 10), text("Segment", 10), text("PartnerSegment", 10),
      text("CostCenter", 10), text("CostCtrActivityType", 6), text("WBSElement", 24),
      text("MasterFixedAsset", 12), text("WorkItem", 10), text("FixedAsset", 4),
      text("SalesOrder", 10), text("SalesOrderItem", 6), text("FunctionalArea", 16),
    ])

  static let item = Shape(
    name: "JournalEntryItem",
    fields: [text("ReferenceDocumentItem", 10), text("ItemGroup", 6), text("CompanyCode", 4)]
      + [text("GLAccount", 10).required] + amounts
      + [
        text("DocumentItemText", 50), text("ReasonCode", 3),
        text("OplAcctgDocItmCntrySpcfcRef1", 80), text("AssignmentReference", 18),
        text("FinancialTransactionType", 3), complex("Tax", tax), text("Plant", 4),
        text("Material", 40), one("QuantityInEntryUnit", .decimal),
        one("IsNotCashDiscountLiable", .boolean), text("TradingPartner", 6),
        one("ValueDate", .date), text("BusinessPlace", 4), text("HouseBank", 5),
        text("HouseBankAccount", 5), text("Reference1IDByBusinessPartner", 12),
        text("Reference2IDByBusinessPartner", 12), text("Reference3IDByBusinessPartner", 20),
        complex("AccountAssignment", accountAssignment),
      ])

  static let cashDiscountTerms = Shape(
    name: "JournalEntryCashDiscountTerms",
    fields: [
      one("CashDiscountBaseAmount", .amount), one("DueCalculationBaseDate", .date).required,
      one("CashDiscount1Days", .days), one("CashDiscount1Percent", .decimal),
      one("CashDiscount2Days", .days), one("CashDiscount2Percent", .decimal),
      one("NetPaymentDays", .days).required,
    ])

  /// `Debtor` or `Creditor`; what comes last differs between the two.
  static func partyItem(_ party: String, _ last: [Field]) -> Shape {
    Shape(
      name: "JournalEntry\(party)Item",
      fields: [text("ReferenceDocumentItem", 10).required, text(party, 10).required] + amounts
        + [
          text("AltvRecnclnAccts", 10), text("DocumentItemText", 50),
          text("AssignmentReference", 18), text("Reference1IDByBusinessPartner", 12),
          text("Reference2IDByBusinessPartner", 12), text("Reference3IDByBusinessPartner", 20),
          complex("CashDiscountTerms", cashDiscountTerms),
        ] + last)
  }

  static let debtorItem = partyItem(
    "Debtor",
    [
      text("VATRegistration", 20), text("BusinessPlace", 4), text("HouseBank", 5),
      text("TaxCountry", 3),
      complex(
        "DownPaymentTerms",
        Shape(
          name: "JournalEntryDebtorDownPaymentTerms",
          fields: [
            text("SpecialGLCode", 1), text("SalesOrder", 10), text("SalesOrderItem", 6),
            one("TaxItemGroup", .digits(6)), text("TaxCode", 2), text("TaxJurisdiction", 15),
          ])),
    ])

  static let creditorItem = partyItem(
    "Creditor",
    [
      complex(
        "DownPaymentTerms",
        Shape(
          name: "JournalEntryCreditorDownPaymentTerms",
          fields: [
            text("SpecialGLCode", 1), one("TaxItemGroup", .digits(6)), text("ProfitCenter", 10),
            text("Wbselement", 24), text("TaxCode", 2), text("TaxJurisdiction", 15),
          ])), text("BusinessPlace", 4), text("HouseBank", 5), text("TaxCountry", 3),
    ])

  static let productTaxItem = Shape(
    name: "JournalEntryProductTaxItem",
    fields: [
      text("ReferenceDocumentItem", 10), text("TaxCode", 2).required,
      text("TaxItemClassification", 3), text("ConditionType", 4), text("TaxJurisdiction", 15),
      text("TaxJurisdictionLevel", 1), text("LowestLevelTaxJurisdiction", 15),
      one("TaxItemGroup", .digits(6)), one("TaxRate", .decimal),
      one("TaxDeterminationDate", .date), one("IsDirectTaxPosting", .boolean),
      text("TaxCountry", 3),
    ] + amounts
      + [
        text("ProductiveTaxText", 50), one("TaxBaseAmountInTransCrcy", .amount).required,
        one("TaxBaseAmountInCoCodeCrcy", .amount),
      ])

  static let journalEntry = Shape(
    name: "JournalEntry",
    fields: [
      text("OriginalReferenceDocumentType", 5).required, text("OriginalReferenceDocument", 20),
      text("OriginalReferenceDocumentLogicalSystem", 10),
      text("BusinessTransactionType", 4).required, text("AccountingDocumentType", 5).required,
      text("AccountingDocument", 10), text("DocumentReferenceID", 16),
      text("OriginalPredecessorRefDocument", 20), text("DocumentHeaderText", 25),
      text("ReversalReason", 2), text("ReversalReferenceDocument", 20),
      one("ReversalDate", .date), one("DoTaxAmountCheck", .boolean),
      one("TaxFulfillmentDate", .date), text("CreatedByUser", 12).required,
      text("CompanyCode", 4).required, one("DocumentDate", .date).required,
      one("PostingDate", .date).required, one("PostingFiscalPeriod", .digits(2)),
    ]
      + simple(
        .date, "TaxReportingDate", "TaxDeterminationDate", "InvoiceReceiptDate",
        "ExchangeRateDate")
      + [text("ECSEnvironment", 10)]
      + simple(.decimal, "ExchangeRate", "IndirectQuotedExchangeRate")
      + [
        text("SourceSystemCompanyCode", 20), text("SourceSystemAccountingDocument", 35),
        text("Reference1InDocumentHeader", 20), text("Reference2InDocumentHeader", 20),
        complex("Item", item).repeated, complex("DebtorItem", debtorItem).repeated,
        complex("CreditorItem", creditorItem).repeated,
        complex("ProductTaxItem", productTaxItem).repeated,
      ])

  static let request = request("JournalEntryBulkCreateRequest", of: journalEntry)

  static func request(_ name: String, of entry: Shape) -> Shape {
    Shape(
      name: name,
      fields: [
        complex("MessageHeader", messageHeader).required,
        complex(
          "JournalEntryCreateRequest",
          Shape(
            name: "JournalEntryCreateRequest",
            fields: [
              complex("MessageHeader", messageHeader).required,
              complex("JournalEntry", entry).required,
            ])
        ).required.repeated,
      ])
  }

  // MARK: Confirmation

  static let log = Shape(
    name: "Log",
    fields: [
      one("MaximumLogItemSeverityCode", .integer),
      complex(
        "Item",
        Shape(
          name: "LogItem",
          fields: [
            text("TypeID", 40), text("CategoryCode", 15), one("SeverityCode", .integer),
            text("ReferenceObjectNodeSenderTechnicalID", 15),
            text("ReferenceMessageElementName", 70), text("Note", 200).required,
            text("NoteTemplateText", 70), text("WebURI", 255),
          ])
      ).repeated,
    ])

  static let confirmation = Shape(
    name: "JournalEntryBulkCreateConfirmation",
    fields: [
      complex("MessageHeader", messageHeader).required,
      text("ConfirmationInterfaceOrignName", 120),
      complex(
        "JournalEntryCreateConfirmation",
        Shape(
          name: "JournalEntryCreateConfirmationMessage",
          fields: [
            complex("MessageHeader", messageHeader).required,
            complex(
              "JournalEntryCreateConfirmation",
              Shape(
                name: "JournalEntryCreateConfirmation",
                fields: [
                  text("AccountingDocument", 10), text("CompanyCode", 4), text("FiscalYear", 4),
                ])
            ).required, complex("Log", log).required,
          ])
      ).repeated, complex("Log", log).required,
    ])
}
