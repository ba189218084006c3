extension SAPSchema {
  /// A service's description for the address it is served at.
  static func wsdl(_ service: SAPOperation, address: String) -> String {
    let operation = service.name
    let shapes = [service.request] + (service.confirmation.map { [$0] } ?? [])
    var writer = TypeWriter()
    for shape in shapes { writer.write(shape) }
    let elements = shapes.map {
      "        <xsd:element name=\"\($0.name)\" type=\"tns:\($0.name)\"/>"
    }
    let messages = shapes.map {
      """
        <wsdl:message name="\($0.name)">
          <wsdl:part name="parameters" element="tns:\($0.name)"/>
        </wsdl:message>
      """
    }
    let output = service.confirmation.map { "\n      <wsdl:output message=\"tns:\($0.name)\"/>" }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <wsdl:definitions name="\(operation)" targetNamespace="\(namespace)"
          xmlns:tns="\(namespace)" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
          xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
          xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
        <wsdl:types>
          <xsd:schema targetNamespace="\(namespace)">
      \(elements.joined(separator: "\n"))
      \(simpleTypes)
      \(writer.text)    </xsd:schema>
        </wsdl:types>
      \(messages.joined(separator: "\n"))
        <wsdl:portType name="\(operation)">
          <wsdl:operation name="\(operation)">
            <wsdl:input message="tns:\(service.request.name)"/>\(output ?? "")
          </wsdl:operation>
        </wsdl:portType>
      \(binding("binding", "soap", service))
      \(binding("binding_SOAP12", "soap12", service))
        <wsdl:service name="service">
          <wsdl:port name="binding" binding="tns:binding">
            <soap:address location="\(escaped(address))"/>
          </wsdl:port>
          <wsdl:port name="binding_SOAP12" binding="tns:binding_SOAP12">
            <soap12:address location="\(escaped(address))"/>
          </wsdl:port>
        </wsdl:service>
      </wsdl:definitions>

      """
  }

  private static func binding(
    _ name: String, _ soap: String, _ service: SAPOperation
  ) -> String {
    let operation = service.name
    let output =
      service.confirmation == nil
      ? "" : "\n      <wsdl:output><\(soap):body use=\"literal\"/></wsdl:output>"
    return """
        <wsdl:binding name="\(name)" type="tns:\(operation)">
          <\(soap):binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
          <wsdl:operation name="\(operation)">
            <\(soap):operation soapAction="\(namespace)/\(operation)/\(operation)Request"/>
            <wsdl:input><\(soap):body use="literal"/></wsdl:input>\(output)
          </wsdl:operation>
        </wsdl:binding>
      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static let simpleTypes = #"""
        <xsd:simpleType name="Moment">
          <xsd:restriction base="xsd:string">
            <xsd:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?Z"/>
          </xsd:restriction>
        </xsd:simpleType>
        <xsd:simpleType name="DebitCreditCode">
          <xsd:restriction base="xsd:token">
            <xsd:enumeration value="S"/>
            <xsd:enumeration value="H"/>
          </xsd:restriction>
        </xsd:simpleType>
        <xsd:simpleType name="Days">
          <xsd:restriction base="xsd:token"><xsd:pattern value="P[0-9]{1,3}D"/></xsd:restriction>
        </xsd:simpleType>
        <xsd:complexType name="Amount">
          <xsd:simpleContent>
            <xsd:extension base="xsd:decimal">
              <xsd:attribute name="currencyCode" use="required">
                <xsd:simpleType>
                  <xsd:restriction base="xsd:token"><xsd:length value="3"/></xsd:restriction>
                </xsd:simpleType>
              </xsd:attribute>
            </xsd:extension>
          </xsd:simpleContent>
        </xsd:complexType>
    """#

  /// Writes each complex type once, the inner ones first.
  private struct TypeWriter {
    var text = ""
    var written: Set<String> = []

    mutating func write(_ type: Shape) {
      for case .complex(let inner) in type.fields.map(\.content) { write(inner) }
      guard written.insert(type.name).inserted else { return }
      text += "      <xsd:complexType name=\"\(type.name)\">\n        <xsd:sequence>\n"
      for field in type.fields { text += "          \(element(field))\n" }
      text += "        </xsd:sequence>\n      </xsd:complexType>\n"
    }

    private func element(_ field: Field) -> String {
      let counts =
        (field.isRequired ? "" : " minOccurs=\"0\"")
        + (field.repeats ? " maxOccurs=\"unbounded\"" : "")
      switch field.content {
      case .complex(let type):
        return "<xsd:element name=\"\(field.name)\" type=\"tns:\(type.name)\"\(counts)/>"
      case .simple(let simple):
        guard let facet = simple.facet else {
          return "<xsd:element name=\"\(field.name)\" type=\"\(simple.type)\"\(counts)/>"
        }
        return "<xsd:element name=\"\(field.name)\"\(counts)><xsd:simpleType>"
          + "<xsd:restriction base=\"\(simple.type)\">\(facet)</xsd:restriction>"
          + "</xsd:simpleType></xsd:element>"
      }
    }
  }
}

extension SAPSchema.Simple {
  fileprivate var type: String {
    switch self {
    case .text: "xsd:string"
    case .digits: "xsd:token"
    case .date: "xsd:date"
    case .moment: "tns:Moment"
    case .boolean: "xsd:boolean"
    case .decimal: "xsd:decimal"
    case .amount: "tns:Amount"
    case .days: "tns:Days"
    case .integer: "xsd:int"
    case .sign: "tns:DebitCreditCode"
    }
  }

  fileprivate var facet: String? {
    switch self {
    case .text(let length):
      "<xsd:minLength value=\"1\"/><xsd:maxLength value=\"\(length)\"/>"
    case .digits(let length): "<xsd:pattern value=\"[0-9]{1,\(length)}\"/>"
    default: nil
    }
  }
}
