import Testing

@testable import SpecRun

/// XPath, by the standard's rules and by the cases of goss's own tests (matchers/xml_test.go).
@Suite struct XPathTests {
    private static let order = """
        <?xml version="1.0" encoding="utf-8"?>
        <order date="2019-02-01">
            <address xmlns:billing="http://localhost/XML/billing">
                <billing:name>Mary Adams</billing:name>
                <billing:city>Old Town</billing:city>
            </address>
            <items>
                <book isbn="9781408845660">
                    <title>Harry Potter</title>
                    <quantity>1</quantity>
                    <price>25</price>
                </book>
                <book isbn="9780544003415">
                    <title>Le seigneur des anneaux</title>
                    <quantity>1</quantity>
                    <price>18</price>
                </book>
            </items>
        </order>
        """

    private func compared(_ path: String, in text: String) throws -> String {
        try XPath(path).result(in: XMLDocument(Array(text.utf8))).compared
    }

    @Test(arguments: [
        ("//book[title='Le seigneur des anneaux']/quantity/text()", "1"),
        ("//book[@isbn='9780544003415']/title", "<title>Le seigneur des anneaux</title>"),
        ("//book/title", "<title>Harry Potter</title><title>Le seigneur des anneaux</title>"),
        ("//book[1]/@isbn", "<isbn>9781408845660</isbn>"), ("//address/*[local-name()='city']/text()", "Old Town"),
        ("//items/dvd", ""), ("count(//book)", "2"), ("sum(//price)", "43"),
        ("boolean(//book[title='Le seigneur des anneaux'])", "true"), ("boolean(//book[title='Dune'])", "false"),
        ("string-length(//title)", "12"), ("//book[contains(title, 'anneaux')]/price", "<price>18</price>"),
        ("//book[title='count(x)']", ""),
    ])
    func findsWhatGossFinds(path: String, expected: String) throws {
        #expect(try compared(path, in: Self.order) == expected)
    }

    private static let letters =
        "<a x='1'><b id=\"u\">one</b><b id='v'><c>two &amp; three</c></b><d/><!-- e --><e>4</e><e>10</e></a>"

    /// Each line by a rule of XPath 1.0.
    @Test(arguments: [
        ("/a/b[1]", "<b id=\"u\">one</b>"), ("//c/text()", "two &amp; three"), ("string(//c)", "two & three"),
        ("//b/@id", "<id>u</id><id>v</id>"), ("//b[c]/@id", "<id>v</id>"), ("count(//*//c)", "1"),
        ("count(//a//@id)", "2"), ("/a/b[last()]/@id", "<id>v</id>"), ("/a/d", "<d/>"), ("/a/*[1]/text()", "one"),
        ("count(/a/*)", "5"), ("//c/../@id", "<id>v</id>"), ("//c/ancestor::*[1]/@id", "<id>v</id>"),
        ("name(//c/ancestor::*[last()])", "a"), ("//b[2]/following-sibling::*[1]", "<d/>"),
        ("//d/preceding-sibling::*[1]/@id", "<id>v</id>"), ("count(//e/preceding::*)", "5"),
        ("count(//c/following::*)", "3"), ("name(/*)", "a"), ("/a/self::a/@x", "<x>1</x>"), ("//e[. > 5]", "<e>10</e>"),
        ("//e[position() = 2]", "<e>10</e>"), ("(//b)[2]/c/text()", "two &amp; three"), ("count(//b | //e | //b)", "4"),
        ("1 + 2 * 3 - 4 div 2", "5"), ("7 mod 3", "1"), ("-7 mod 3", "-1"), ("- 2 + 3", "1"), ("1 div 0", "+Inf"),
        ("number('x')", "NaN"), ("1 < 2 and 2 <= 2", "true"), ("1 > 2 or false()", "false"), ("not(//nope)", "true"),
        ("//e = 4", "true"), ("//e != 4", "true"), ("//nope = ''", "false"), ("'1' = 1", "true"),
        ("//e = true()", "true"),
        ("concat('a', 1, true())", "a1true"), ("starts-with('abc', 'ab')", "true"), ("ends-with('abc', 'bc')", "true"),
        ("substring-before('1999/04/01','/')", "1999"), ("substring-after('1999/04/01','/')", "04/01"),
        ("substring('12345', 2, 3)", "234"), ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring('12345', 2)", "2345"), ("normalize-space('  a   b ')", "a b"),
        ("translate('bar','abc','AB')", "BAr"), ("translate('--aaa--','abc-','ABC')", "AAA"), ("round(2.5)", "3"),
        ("round(-2.5)", "-2"), ("floor(-1.5)", "-2"), ("ceiling(1.2)", "2"), ("1000000", "1E+06"),
        ("1234567.5", "1.2345675E+06"),
        ("0.5", "0.5"), ("upper-case('é')", "É"),
        ("/", "<a x=\"1\"><b id=\"u\">one</b><b id=\"v\"><c>two &amp; three</c></b><d/><e>4</e><e>10</e></a>"),
        ("//text()[. = 'one']/..", "<b id=\"u\">one</b>"), ("count(//node())", "11"),
        ("//b[@id != 'u']/@id", "<id>v</id>"),
        ("//b[not(@id = 'u')]/@id", "<id>v</id>"), ("//*[@id='u' or c]/@id", "<id>u</id><id>v</id>"),
    ])
    func followsTheStandard(path: String, expected: String) throws {
        #expect(try compared(path, in: Self.letters) == expected)
    }

    @Test(arguments: [
        "", "count(//book", "COUNT(//book)", "//", "/a/", "a[", "a]", "a b", "'x", "@", "a::b", "count()",
        "count(1, 2)",
        "$x", "1 +", "a[1]]", "..a", String(repeating: "(", count: 500), String(repeating: "-", count: 500) + "1",
    ])
    func refusesWhatIsNoPath(path: String) {
        #expect(throws: XPath.Fault.self) { try XPath(path) }
    }

    @Test func refusesWhatNeedsNodes() throws {
        for path in ["count(1)", "'x'/a", "1 | 2", "sum('x')", "(1)[2]"] {
            #expect(throws: XPath.Fault.self) { try compared(path, in: "<a/>") }
        }
    }

    /// An element counts once, however many ways lead to it: else these would be 60 to the 20th.
    @Test func countsElementsOnce() throws {
        let text = String(repeating: "<a>", count: 60) + "x" + String(repeating: "</a>", count: 60)
        #expect(try compared("count(\(String(repeating: "//a", count: 20)))", in: text) == "41")
    }

    /// Conditions in conditions over many nodes end at a limit, and soon.
    @Test func hasALimit() throws {
        let text = "<r>" + String(repeating: "<a/>", count: 2000) + "</r>"
        let start = ContinuousClock.now
        let fault = #expect(throws: XPath.Fault.self) { try compared("//a[//a[//a[count(//a) > 5]]]", in: text) }
        #expect(fault?.reason == "it looks at more than 500000 nodes")
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
