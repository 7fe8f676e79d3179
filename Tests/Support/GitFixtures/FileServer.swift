import Foundation
import LinuxSystem

/// Python's http.server on loopback over a directory; it ends with its owner.
public final class FileServer {
    /// Where it listens, `http://127.0.0.1:PORT`.
    public let address: String
    private let child: ChildProcess

    /// Serves the files below a directory.
    public init(directory: String) throws {
        let (read, write) = try Descriptor.pipe()
        child = try ChildProcess.start(
            "/usr/bin/python3", ["-c", Self.script, directory], environment: ["PATH=/usr/bin:/bin"],
            descriptors: [1: write])
        var line: [UInt8] = []
        var byte: [UInt8] = [0]
        while try byte.withUnsafeMutableBytes({ try read.read(into: $0) }) == 1, byte[0] != 0x0a { line += byte }
        address = "http://127.0.0.1:\(String(decoding: line, as: UTF8.self))"
    }

    deinit {
        child.kill()
        _ = try? child.wait()
    }

    private static let script = """
        import functools, http.server, sys
        class Handler(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *arguments): pass
        handler = functools.partial(Handler, directory=sys.argv[1])
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """
}
