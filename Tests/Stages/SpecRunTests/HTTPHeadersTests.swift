import Testing

@testable import SpecRun

@Suite struct HTTPHeadersTests {
    /// Names as Go's net/textproto writes them; of several answers the last one.
    @Test func showsThoseOfTheLastAnswer() {
        let received = """
            HTTP/1.1 302 Found\r
            Location: /a\r
            \r
            HTTP/1.1 200 OK\r
            content-type: text/html\r
            X-b: 2\r
            X-b:1\r
            transfer-encoding: chunked\r
            \r

            """
        #expect(HTTPHeaders.lines(of: Array(received.utf8)) == ["Content-Type: text/html", "X-B: 1", "X-B: 2"])
    }
}
