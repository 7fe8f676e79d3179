import BakeTestSupport
import Foundation
import LinuxSystem
import Testing

/// The browser that looks at pages.
private enum Browser {
    static let path = "/usr/bin/chromium"
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

/// `bake status --html`, looked at in a real browser.
@Suite(.enabled(if: Browser.isThere, "no browser: apt-get install chromium"))
struct StatusPageTests {
    private let small: SmallRepository
    private var directory: String { small.git.directory.path }

    init() throws { small = try SmallRepository() }

    private func look(_ words: String...) throws -> String {
        try CompletedProcess.run(
            Browser.path,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--user-data-dir=\(directory)/profile", "--window-size=1200,1400",
            ] + words + ["file://\(directory)/status.html"],
            environment: ["PATH=/usr/bin:/bin", "HOME=\(directory)"], deadline: 120
        ).text
    }

    @Test("slots, bars of the timelines, alarms and names are there to be seen; what people wrote is text")
    func page() throws {
        try small.git.commit(files: [
            "policy.yaml": "environments: { staging: { auto: [small] }, production: { after: staging, soak: 1h } }\n"
        ])
        let reason = "<img src=x onerror=alert(1)> & more"
        for words in [
            ["init"], ["env", "apply", "policy.yaml"], ["build"],
            ["promote", "1", "production", "--break-glass", reason], ["reject", "1", "--reason", "leaks"],
        ] { #expect(try small.bake(words).status == 0, "\(words)") }
        #expect(try small.bake("status", "--html", "\(directory)/status.html").status == 0)

        let tree = try look("--dump-dom")
        #expect(tree.contains("GLASS BROKEN") && tree.contains("REJECTED"))
        #expect(tree.contains("small:production") && tree.contains("<rect "))
        #expect(tree.contains("&lt;img src=x onerror=alert(1)&gt; &amp; more") && !tree.contains("<img"))

        _ = try look("--screenshot=\(directory)/page.png")
        let colours = try ForeignTool.run("python3", ["-c", Self.counting, "\(directory)/page.png"])
        let counts = colours.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        // Two bars of 22 by some 500 and more pixels at least; two alarms as wide as the page.
        #expect(counts.count == 2 && counts[0] > 20_000 && counts[1] > 30_000, "\(colours)")
    }

    /// Counts the pixels of the first bar's colour and of alarms in a PNG (RFC 2083, 8 bits a sample, no interlace).
    private static let counting = """
        import struct, sys, zlib
        data = open(sys.argv[1], "rb").read()
        place, packed = 8, b""
        while place < len(data):
            size, kind = struct.unpack(">I4s", data[place:place + 8])
            body = data[place + 8:place + 8 + size]
            if kind == b"IHDR": width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            if kind == b"IDAT": packed += body
            place += 12 + size
        step = {2: 3, 6: 4}[colour]
        raw, row, line = zlib.decompress(packed), width * step, bytearray(width * step)
        bars = alarms = 0
        for y in range(height):
            kind, old, line = raw[y * (row + 1)], line, bytearray(raw[y * (row + 1) + 1:(y + 1) * (row + 1)])
            for x in range(row):
                left = line[x - step] if x >= step else 0
                above, corner = old[x], old[x - step] if x >= step else 0
                if kind == 1: line[x] = (line[x] + left) & 255
                elif kind == 2: line[x] = (line[x] + above) & 255
                elif kind == 3: line[x] = (line[x] + (left + above) // 2) & 255
                elif kind == 4:
                    guess = left + above - corner
                    near = min((abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner))
                    line[x] = (line[x] + near[2]) & 255
            for x in range(0, row, step):
                pixel = bytes(line[x:x + 3]).hex()
                bars += pixel == "2f9e77"
                alarms += pixel == "b3261e"
        print(bars, alarms)
        """
}
