import HTTPTransport
import TestSupport
import Testing

@Suite struct HTTPExchangeLogTests {
  static let log = HTTPExchangeLog(secretNames: ["customer-number"])

  static func body(_ text: String, limit: Int = 1000) -> String {
    HTTPExchangeLog(secretNames: ["customer-number"], bodyLimit: limit)
      .render(HTTPResponse(status: 200, body: [UInt8](text.utf8)))
      .split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).last.map(String.init)
      ?? ""
  }

  @Test func `shows a request without its secrets`() {
    let request = HTTPRequest(
      .post, "https://erp.example/x?company=1&access_token=geheim&sig=geheim",
      headers: [
        "Authorization": "Bearer geheim", "COOKIE": "a=geheim", "X-Api-Key": "geheim",
        "apikey": "geheim", "X-Auth-Token": "geheim", "Customer_Number": "geheim",
        "Content-Type": "application/json",
      ],
      body: [UInt8](#"{"entry":"E-1"}"#.utf8))
    #expect(
      Self.log.render(request) == """
        POST https://erp.example/x?company=1&access_token=[redacted]&sig=[redacted]
        Authorization: [redacted]
        COOKIE: [redacted]
        X-Api-Key: [redacted]
        apikey: [redacted]
        X-Auth-Token: [redacted]
        Customer_Number: [redacted]
        Content-Type: application/json

        {"entry":"E-1"}
        """)
  }

  @Test func `shows a response without its cookies`() {
    let response = HTTPResponse(
      status: 503, headers: ["Set-Cookie": "s=geheim", "Retry-After": "3"])
    #expect(Self.log.render(response) == "503\nSet-Cookie: [redacted]\nRetry-After: 3")
  }

  @Test(arguments: [
    (#"{"password":"geheim","a":1}"#, #"{"password":"[redacted]","a":1}"#),
    (#"{"clientSecret" : "ge\"heim" , "a":1}"#, #"{"clientSecret":"[redacted]" , "a":1}"#),
    (#"{"token":{"x":["geheim","}"]},"a":1}"#, #"{"token":"[redacted]","a":1}"#),
    (#"{"pin":1234}"#, #"{"pin":"[redacted]"}"#),
    (#"{"a":["password","geheim"]}"#, #"{"a":["password","geheim"]}"#),
    (#"{"customerNumber":"geheim"}"#, #"{"customerNumber":"[redacted]"}"#),
    (#"{"token_type":"Bearer","key":"k-1","code":"4400"}"#, nil),
    (#"{"account":"4400","amount":"1.00"}"#, nil),
    (#"{"password":"gehe"#, #"{"password":"[redacted]""#),
    (
      "<s:E><wsse:Password Type=\"T\">geheim</wsse:Password><a>1</a></s:E>",
      "<s:E><wsse:Password Type=\"T\">[redacted]</wsse:Password><a>1</a></s:E>"
    ),
    ("<a><password/><b>1</b></a>", nil),
    ("<a><token><x>geheim</x></token></a>", "<a><token>[redacted]</token></a>"),
    ("<a password=\"geheim\" b='1'/>", "<a password=\"[redacted]\" b='1'/>"),
    ("<a password='geheim", "<a password='[redacted]"),
    ("<a><token>geh", "<a><token>[redacted]"),
    ("grant_type=x&client_secret=geheim&a=1", "grant_type=x&client_secret=[redacted]&a=1"),
    ("plain text", nil),
  ])
  func `hides secret fields of a body and nothing else`(text: String, expected: String?) {
    #expect(Self.body(text) == expected ?? text)
  }

  @Test(arguments: 0...60)
  func `a cut does not bring a secret back`(limit: Int) {
    let json = Self.body(
      #"{"a":"b","password":"geheim!","c":{"apiKey":["geheim!"]}}"#, limit: limit)
    let xml = Self.body(
      "<a b='c'><token x='y'>geheim!</token><d pwd=\"geheim!\"/></a>", limit: limit)
    #expect(!json.contains("ge"))
    #expect(!xml.contains("ge"))
  }

  @Test func `a long body is cut and other bytes are only counted`() {
    #expect(Self.body("abcdef", limit: 4) == "abcd\n(cut after 4 of 6 bytes)")
    let log = Self.log.render(HTTPResponse(status: 200, body: [0, 1, 2]))
    #expect(log == "200\n\n(3 bytes, not text)")
  }
}
