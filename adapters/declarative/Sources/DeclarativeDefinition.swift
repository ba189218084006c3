public import AdapterKit
import HTTPTransport
import Ledger

/// What `adapters/<name>/adapter.yaml` says: an ERP's requests and answers, without code.
public struct DeclarativeDefinition: Sendable {
  public let name: String
  var traits: AdapterDescriptor
  /// Keys that a connection may give, with what they are where it does not; nil must be given.
  public internal(set) var parameters: [String: String?] = [:]
  /// What the connection's `auth` says where it does not say otherwise.
  var auth: AdapterSettings
  var headers = HTTPHeaders()
  var check: Check?
  var submit: Submit
  var batch: Batch?
  var find: LookUp?
  var periods: Periods?
  var books: Books?
  var rows: [OutcomeTable.Row] = []

  struct Check: Sendable {
    var request: RequestTemplate
    var condition: AnswerCondition
  }

  struct Submit: Sendable {
    var request: RequestTemplate
    var rule: SubmitRule
  }

  struct Batch: Sendable {
    var request: RequestTemplate
    var rule: SubmitRule
    var results: String
  }

  struct LookUp: Sendable {
    var request: RequestTemplate
    /// What an answer must say before it counts: an error inside a success is no empty list.
    var condition: AnswerCondition
    /// The documents found.
    var items: String
    var key: String
    var number: String
    var id: String?
    /// What a posted document says; drafts do not.
    var posted: AnswerCondition
    /// Statuses that mean that there is none.
    var absent: Set<Int>
    /// Where there are more pages, it is there and neither `false` nor `0`.
    var more: String?
  }

  struct Periods: Sendable {
    var request: RequestTemplate
    var status: String
    var open: Set<String>
    var closed: Set<String>
  }

  struct Books: Sendable {
    var request: RequestTemplate
    var items: String
    var number: String
    var key: String
    var date: String
    var currency: String
    var lines: String
    var account: String
    /// Either a side and an amount, or both of `debit` and `credit`, or one amount with its sign.
    var amount: Amount
    var dateFormat: DateFormat
    var amountFormat: AmountFormat
    var next: String?

    enum Amount: Sendable {
      case sided(side: String, debit: Set<String>, amount: String)
      case columns(debit: String, credit: String)
      case signed(String)
    }
  }

  public var descriptor: AdapterDescriptor { traits }

  public var capabilities: Set<AdapterCapability> {
    var capabilities: Set<AdapterCapability> = []
    if find != nil { capabilities.insert(.findsPostings) }
    if books != nil { capabilities.insert(.readsBooks) }
    if periods != nil { capabilities.insert(.readsPeriods) }
    return capabilities
  }

  /// The keys of a connection's file that it reads.
  public var connectionKeys: Set<String> {
    SubmissionLimits.keys.union(parameters.keys)
      .union(["adapter", "limits", "url", "company", "auth", "headers", "errors"])
  }
}

extension DeclarativeDefinition {
  /// The code of an error, where an answer has one as a refused entry would; nil where it has none.
  func errorCode(in tree: AnswerTree) -> String? {
    tree.text(at: submit.rule.refusal.code).flatMap { $0.isEmpty ? nil : $0 }
  }
}
