import Digest
import Foundation

@testable import MockERP

/// Records that tests begin with.
enum NetSuiteSamples {
  static let records = "/services/rest/record/v1"

  static func hmac(_ message: String, key: String) -> String {
    Data(HMAC(key: Array(key.utf8)).code(of: Array(message.utf8)).bytes).base64EncodedString()
  }

  static func journal(
    _ key: String = "PK1", date: String = "2026-10-31", credit: String = "1000.00",
    more: String = ""
  ) -> String {
    """
    {"externalId":"\(key)","subsidiary":{"id":"DE01"},"currency":{"id":"EUR"},"tranDate":"\(date)",
     "memo":"INV-1042",\(more)
     "line":{"items":[
       {"account":{"id":"1200"},"debit":1000.00,"entity":{"id":"C-1007"},"department":{"id":"12"}},
       {"account":{"id":"4400"},"credit":\(credit),"memo":"Services","custcol_project":"P-7"}]}}
    """
  }

  static func invoice(_ key: String = "INV1") -> String {
    """
    {"externalId":"\(key)","subsidiary":{"id":"DE01"},"entity":{"id":"C-1007"},
     "currency":{"id":"EUR"},"tranDate":"2026-10-31","item":{"items":[
       {"item":{"id":"CONSULTING"},"quantity":2,"rate":500,"taxCode":{"id":"DE-19"}},
       {"item":{"id":"4401"},"amount":-100.00}]}}
    """
  }

  static func payment(_ key: String, of invoice: String, _ amount: String) -> String {
    """
    {"externalId":"\(key)","subsidiary":{"id":"DE01"},"customer":{"id":"C-1007"},
     "currency":{"id":"EUR"},"payment":\(amount),"account":{"id":"1800"},
     "tranDate":"2026-10-31","autoApply":false,
     "apply":{"items":[{"doc":{"id":"\(invoice)"},"apply":true,"amount":\(amount)}]}}
    """
  }

  static func setUp(_ configuration: inout MockERPConfiguration) {
    configuration.netSuite.items = ["CONSULTING": "4400"]
    configuration.netSuite.taxCodes = ["DE-19": .init(account: "3806", rate: "19")]
  }
}

extension RawHTTP.Answer {
  /// The last part of `Location`.
  var locatedID: String? {
    headers["location"]?.split(separator: "/").last.map(String.init)
  }

  var errorCode: String? { errorDetail("o:errorCode") }

  func errorDetail(_ name: String) -> String? {
    ((json["o:errorDetails"] as? [[String: Any]])?.first)?[name] as? String
  }
}
