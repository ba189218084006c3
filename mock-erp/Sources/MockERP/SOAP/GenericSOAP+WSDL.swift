extension GenericSOAP {
  /// The service's description for the address it is served at.
  static func wsdl(address: String) -> String {
    wsdlTemplate.replacing("ADDRESS", with: escaped(address))
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static let wsdlTemplate = #"""
    <?xml version="1.0" encoding="UTF-8"?>
    <wsdl:definitions name="GenericJournal"
        targetNamespace="urn:generic-erp:journal:1"
        xmlns:tns="urn:generic-erp:journal:1"
        xmlns:xsd="http://www.w3.org/2001/XMLSchema"
        xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
        xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
        xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/">
      <wsdl:types>
        <xsd:schema targetNamespace="urn:generic-erp:journal:1" elementFormDefault="qualified">
          <xsd:simpleType name="Amount">
            <xsd:restriction base="xsd:string">
              <xsd:pattern value="[0-9]+(\.[0-9]+)?"/>
            </xsd:restriction>
          </xsd:simpleType>
          <xsd:simpleType name="Side">
            <xsd:restriction base="xsd:string">
              <xsd:enumeration value="debit"/>
              <xsd:enumeration value="credit"/>
            </xsd:restriction>
          </xsd:simpleType>
          <xsd:simpleType name="Status">
            <xsd:restriction base="xsd:string">
              <xsd:enumeration value="posted"/>
              <xsd:enumeration value="rejected"/>
            </xsd:restriction>
          </xsd:simpleType>
          <xsd:complexType name="Tax">
            <xsd:sequence>
              <xsd:element name="Code" type="xsd:string"/>
              <xsd:element name="Rate" type="xsd:decimal" minOccurs="0"/>
              <xsd:element name="Base" type="xsd:decimal" minOccurs="0"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:complexType name="Dimension">
            <xsd:sequence>
              <xsd:element name="Name" type="xsd:string"/>
              <xsd:element name="Value" type="xsd:string"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:complexType name="Line">
            <xsd:sequence>
              <xsd:element name="Account" type="xsd:string"/>
              <xsd:element name="Side" type="tns:Side"/>
              <xsd:element name="Amount" type="tns:Amount"/>
              <xsd:element name="FunctionalAmount" type="tns:Amount"/>
              <xsd:element name="Party" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Tax" type="tns:Tax" minOccurs="0"/>
              <xsd:element name="Dimension" type="tns:Dimension" minOccurs="0" maxOccurs="unbounded"/>
              <xsd:element name="Description" type="xsd:string" minOccurs="0"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:complexType name="JournalEntry">
            <xsd:sequence>
              <xsd:element name="ExternalKey" type="xsd:string"/>
              <xsd:element name="PostingDate" type="xsd:date"/>
              <xsd:element name="DocumentDate" type="xsd:date" minOccurs="0"/>
              <xsd:element name="Currency" type="xsd:string"/>
              <xsd:element name="FunctionalCurrency" type="xsd:string"/>
              <xsd:element name="Number" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Reference" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Description" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Line" type="tns:Line" maxOccurs="unbounded"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:complexType name="PostedJournalEntry">
            <xsd:sequence>
              <xsd:element name="Id" type="xsd:string"/>
              <xsd:element name="Number" type="xsd:string"/>
              <xsd:element name="PostedAt" type="xsd:dateTime"/>
              <xsd:element name="ExternalKey" type="xsd:string"/>
              <xsd:element name="PostingDate" type="xsd:date"/>
              <xsd:element name="DocumentDate" type="xsd:date"/>
              <xsd:element name="Currency" type="xsd:string"/>
              <xsd:element name="FunctionalCurrency" type="xsd:string"/>
              <xsd:element name="Reference" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Description" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Line" type="tns:Line" maxOccurs="unbounded"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:complexType name="Result">
            <xsd:sequence>
              <xsd:element name="ExternalKey" type="xsd:string"/>
              <xsd:element name="Status" type="tns:Status"/>
              <xsd:element name="Duplicate" type="xsd:boolean" minOccurs="0"/>
              <xsd:element name="Id" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Number" type="xsd:string" minOccurs="0"/>
              <xsd:element name="PostedAt" type="xsd:dateTime" minOccurs="0"/>
              <xsd:element name="Code" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Message" type="xsd:string" minOccurs="0"/>
              <xsd:element name="Field" type="xsd:string" minOccurs="0"/>
            </xsd:sequence>
          </xsd:complexType>
          <xsd:element name="PostJournalEntries">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Company" type="xsd:string"/>
                <xsd:element name="JournalEntry" type="tns:JournalEntry" maxOccurs="1000"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="PostJournalEntriesResponse">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Result" type="tns:Result" minOccurs="0" maxOccurs="unbounded"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="FindJournalEntry">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Company" type="xsd:string"/>
                <xsd:element name="ExternalKey" type="xsd:string"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="FindJournalEntryResponse">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="JournalEntry" type="tns:PostedJournalEntry" minOccurs="0" maxOccurs="unbounded"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="GetCompany">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Company" type="xsd:string"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="GetCompanyResponse">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Code" type="xsd:string"/>
                <xsd:element name="Name" type="xsd:string"/>
                <xsd:element name="FunctionalCurrency" type="xsd:string" minOccurs="0"/>
                <xsd:element name="AcceptsAnyAccount" type="xsd:boolean"/>
                <xsd:element name="AcceptsAnyParty" type="xsd:boolean"/>
                <xsd:element name="BatchLimit" type="xsd:int"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
          <xsd:element name="Problem">
            <xsd:complexType>
              <xsd:sequence>
                <xsd:element name="Code" type="xsd:string"/>
                <xsd:element name="Message" type="xsd:string"/>
                <xsd:element name="Field" type="xsd:string" minOccurs="0"/>
              </xsd:sequence>
            </xsd:complexType>
          </xsd:element>
        </xsd:schema>
      </wsdl:types>
      <wsdl:message name="PostJournalEntriesInput">
        <wsdl:part name="parameters" element="tns:PostJournalEntries"/>
      </wsdl:message>
      <wsdl:message name="PostJournalEntriesOutput">
        <wsdl:part name="parameters" element="tns:PostJournalEntriesResponse"/>
      </wsdl:message>
      <wsdl:message name="FindJournalEntryInput">
        <wsdl:part name="parameters" element="tns:FindJournalEntry"/>
      </wsdl:message>
      <wsdl:message name="FindJournalEntryOutput">
        <wsdl:part name="parameters" element="tns:FindJournalEntryResponse"/>
      </wsdl:message>
      <wsdl:message name="GetCompanyInput">
        <wsdl:part name="parameters" element="tns:GetCompany"/>
      </wsdl:message>
      <wsdl:message name="GetCompanyOutput">
        <wsdl:part name="parameters" element="tns:GetCompanyResponse"/>
      </wsdl:message>
      <wsdl:message name="ProblemFault">
        <wsdl:part name="problem" element="tns:Problem"/>
      </wsdl:message>
      <wsdl:portType name="GenericJournal">
        <wsdl:operation name="PostJournalEntries">
          <wsdl:input message="tns:PostJournalEntriesInput"/>
          <wsdl:output message="tns:PostJournalEntriesOutput"/>
          <wsdl:fault name="Problem" message="tns:ProblemFault"/>
        </wsdl:operation>
        <wsdl:operation name="FindJournalEntry">
          <wsdl:input message="tns:FindJournalEntryInput"/>
          <wsdl:output message="tns:FindJournalEntryOutput"/>
          <wsdl:fault name="Problem" message="tns:ProblemFault"/>
        </wsdl:operation>
        <wsdl:operation name="GetCompany">
          <wsdl:input message="tns:GetCompanyInput"/>
          <wsdl:output message="tns:GetCompanyOutput"/>
          <wsdl:fault name="Problem" message="tns:ProblemFault"/>
        </wsdl:operation>
      </wsdl:portType>
      <wsdl:binding name="GenericJournalSOAP11" type="tns:GenericJournal">
        <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
        <wsdl:operation name="PostJournalEntries">
          <soap:operation soapAction="urn:generic-erp:journal:1:PostJournalEntries" style="document"/>
          <wsdl:input>
            <soap:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
        <wsdl:operation name="FindJournalEntry">
          <soap:operation soapAction="urn:generic-erp:journal:1:FindJournalEntry" style="document"/>
          <wsdl:input>
            <soap:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
        <wsdl:operation name="GetCompany">
          <soap:operation soapAction="urn:generic-erp:journal:1:GetCompany" style="document"/>
          <wsdl:input>
            <soap:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
      </wsdl:binding>
      <wsdl:binding name="GenericJournalSOAP12" type="tns:GenericJournal">
        <soap12:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
        <wsdl:operation name="PostJournalEntries">
          <soap12:operation soapAction="urn:generic-erp:journal:1:PostJournalEntries" style="document"/>
          <wsdl:input>
            <soap12:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap12:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap12:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
        <wsdl:operation name="FindJournalEntry">
          <soap12:operation soapAction="urn:generic-erp:journal:1:FindJournalEntry" style="document"/>
          <wsdl:input>
            <soap12:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap12:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap12:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
        <wsdl:operation name="GetCompany">
          <soap12:operation soapAction="urn:generic-erp:journal:1:GetCompany" style="document"/>
          <wsdl:input>
            <soap12:body use="literal"/>
          </wsdl:input>
          <wsdl:output>
            <soap12:body use="literal"/>
          </wsdl:output>
          <wsdl:fault name="Problem">
            <soap12:fault name="Problem" use="literal"/>
          </wsdl:fault>
        </wsdl:operation>
      </wsdl:binding>
      <wsdl:service name="GenericJournalService">
        <wsdl:port name="GenericJournalSOAP11" binding="tns:GenericJournalSOAP11">
          <soap:address location="ADDRESS"/>
        </wsdl:port>
        <wsdl:port name="GenericJournalSOAP12" binding="tns:GenericJournalSOAP12">
          <soap12:address location="ADDRESS"/>
        </wsdl:port>
      </wsdl:service>
    </wsdl:definitions>

    """#
}
