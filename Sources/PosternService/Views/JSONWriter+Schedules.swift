package import Ledger
internal import LedgerJSON
package import PostingEngine
internal import PostingRules
package import StrictJSON

/// Deferred revenue, written the same by the API and the command line.
extension JSONWriter {
  /// `{ "period", "rollForward": [ … ], "waterfall": [ … ] }`
  package mutating func write(_ statements: [DeferralStatement], _ month: FiscalPeriod) {
    object { writer in
      writer.key("period")
      writer.string(month.text)
      writer.key("rollForward")
      writer.array { writer in
        for statement in statements {
          for row in statement.rows { writer.write(row, of: statement.entity) }
        }
      }
      writer.key("waterfall")
      writer.array { writer in
        for statement in statements {
          for row in statement.waterfall { writer.write(row, of: statement.entity) }
        }
      }
    }
  }

  private mutating func write(_ row: ScheduleRollForward, of entity: LegalEntityID) {
    object { writer in
      writer.account(entity, row.account, row.currency, row.functionalCurrency)
      for (name, amount) in [
        ("opening", row.opening), ("added", row.added), ("released", row.released),
        ("reshaped", row.reshaped), ("cancelled", row.cancelled), ("closing", row.closing),
        ("journal", row.accountBalance), ("difference", row.difference),
      ] {
        writer.key(name)
        writer.amounts(amount, row.currency, row.functionalCurrency)
      }
    }
  }

  private mutating func write(_ row: ScheduleWaterfallRow, of entity: LegalEntityID) {
    object { writer in
      writer.account(entity, row.account, row.currency, row.functionalCurrency)
      if row.period != .unscheduled {
        writer.key("month")
        writer.string(row.period.text)
      }
      writer.key("deferred")
      writer.amounts(row.amount, row.currency, row.functionalCurrency)
    }
  }

  private mutating func account(
    _ entity: LegalEntityID, _ account: AccountCode, _ currency: Currency, _ functional: Currency
  ) {
    for (name, text) in [
      ("entity", entity.code), ("account", account.code), ("currency", currency.code),
      ("functionalCurrency", functional.code),
    ] {
      key(name)
      string(text)
    }
  }

  private mutating func amounts(
    _ amount: DeferredAmount, _ currency: Currency, _ functional: Currency
  ) {
    object { writer in
      writer.key("amount")
      writer.string(Money(minorUnits: amount.amount, currency).text)
      writer.key("functionalAmount")
      writer.string(Money(minorUnits: amount.functional, functional).text)
    }
  }
}
