import BakeModel
import Testing

@Suite struct JSONTests {
    @Test("RFC 8785, section 3.2.3: keys sort by UTF-16 code units")
    func keyOrder() throws {
        let text = #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#
        let canonical = try JSON(parsing: Array(text.utf8)).canonical
        #expect(canonical == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
    }

    @Test("RFC 8785, section 3.2.2.2: control characters have one escape each")
    func escapes() {
        #expect(JSON.string("\u{8}\u{9}\u{a}\u{c}\u{d}\u{1f}\"\\/é").canonical == #""\b\t\n\f\r\u001f\"\\/é""#)
    }

    @Test(
        "what readers disagree about is refused",
        arguments: [
            #"{"a":1,"a":2}"#, "1.5", "1e3", "9007199254740992", "01", "[1,]", "{}x", #""\ud800""#, "\"\u{1}\"", "",
            String(repeating: "[", count: 100),
        ])
    func refusals(text: String) {
        #expect(throws: JSON.Fault.self) { try JSON(parsing: Array(text.utf8)) }
    }
}
