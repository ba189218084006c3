public import HTTPTransport
public import XMLTree

/// What came back. It says nothing about what became of the operation: the caller knows the service.
public struct SOAPAnswer: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    /// The first element of the body; nil for an empty body.
    case body(XMLElement?)
    case fault(SOAPFault)
    /// No SOAP envelope: a page of a proxy, JSON, nothing at all, or XML that cannot be read.
    case notSOAP(NotSOAP)
  }

  /// An answer without an envelope.
  public struct NotSOAP: Hashable, Sendable {
    /// The first bytes of the answer, at most ``excerptBytes``.
    public var excerpt: [UInt8]
    /// Why it could not be read as XML; nil when it is XML with another root.
    public var fault: XMLFault?

    public static let excerptBytes = 512

    public init(excerpt: [UInt8], fault: XMLFault?) {
      self.excerpt = excerpt
      self.fault = fault
    }

    /// The excerpt as UTF-8; wrong bytes become U+FFFD.
    public var text: String { String(decoding: excerpt, as: UTF8.self) }
  }

  /// The status of the HTTP answer. Faults come with 500, 400 and, from some services, 200.
  public var status: Int
  public var httpHeaders: HTTPHeaders
  /// The blocks of the SOAP header.
  public var headers: [XMLElement]
  public var content: Content

  public init(
    status: Int, httpHeaders: HTTPHeaders = [:], headers: [XMLElement] = [], content: Content
  ) {
    self.status = status
    self.httpHeaders = httpHeaders
    self.headers = headers
    self.content = content
  }

  /// Reads an HTTP answer, whatever its status and content type; either version is understood.
  public init(_ response: HTTPResponse, limits: XMLLimits = .standard) {
    status = response.status
    httpHeaders = response.headers
    headers = []
    func notSOAP(_ fault: XMLFault?) -> Content {
      .notSOAP(NotSOAP(excerpt: Array(response.body.prefix(NotSOAP.excerptBytes)), fault: fault))
    }
    do throws(XMLFault) {
      let root = try XMLReader(limits: limits).read(response.body)
      guard root.name.local == "Envelope",
        let version = SOAPVersion(namespace: root.name.namespace),
        let body = root.first(XMLName("Body", in: version.namespace))
      else {
        content = notSOAP(nil)
        return
      }
      headers = root.first(XMLName("Header", in: version.namespace))?.elements ?? []
      if let fault = body.first(XMLName("Fault", in: version.namespace)) {
        content = .fault(SOAPFault(fault, version: version))
      } else {
        content = .body(body.elements.first)
      }
    } catch {
      content = notSOAP(error)
    }
  }
}
