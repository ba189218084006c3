import XMLTree

/// A request's envelope, read and split.
struct SOAPEnvelope: Sendable {
  /// Why it could not be read, and in which version to say so.
  struct Fault: Error {
    let trouble: Trouble
    let version: SOAPVersion
  }

  let version: SOAPVersion
  let headers: [XMLElement]
  /// The one element inside the body.
  let body: XMLElement

  static func read(_ bytes: [UInt8], limit: Int) throws(Fault) -> SOAPEnvelope {
    let root: XMLElement
    do throws(XMLFault) {
      root = try XMLReader(limits: XMLLimits(bytes: limit)).read(bytes)
    } catch {
      throw malformed("The body is not XML: \(error.detail)")
    }
    guard root.name.local == "Envelope" else { throw malformed("The root is not an Envelope") }
    guard let version = SOAPVersion(namespace: root.name.namespace) else {
      throw Fault(
        trouble: Trouble(
          status: 500, code: "version_mismatch",
          message: "The envelope's namespace is neither SOAP 1.1 nor 1.2"), version: .v11)
    }
    let headers = root.first(version.name("Header"))?.elements ?? []
    let bodies = root.first(version.name("Body"))?.elements ?? []
    guard let body = bodies.first, bodies.count == 1 else {
      throw Fault(
        trouble: malformed("The Body does not hold exactly one element").trouble, version: version)
    }
    return SOAPEnvelope(version: version, headers: headers, body: body)
  }

  private static func malformed(_ message: String) -> Fault {
    Fault(trouble: Trouble(status: 400, code: "malformed", message: message), version: .v11)
  }

  /// What the headers lack or demand too much; nil when they are in order.
  func objection(user: SOAPUser?) -> Trouble? {
    for header in headers where header.name != SOAPUser.security {
      let demand = header.attribute(version.name("mustUnderstand"))
      if demand == "1" || demand == "true" {
        return Trouble(
          status: 500, code: "must_understand",
          message: "The header \(header.name.local) is not understood")
      }
    }
    guard let user else { return nil }
    guard let security = headers.first(where: { $0.name == SOAPUser.security }),
      user.isProven(by: security)
    else {
      return Trouble(
        status: 401, code: "unauthorized", message: "A valid UsernameToken is needed")
    }
    return nil
  }
}
