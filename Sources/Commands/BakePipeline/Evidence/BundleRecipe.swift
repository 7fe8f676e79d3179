import BakeModel

/// How a bundle is checked by somebody who has no bake: with sh, sha256sum, base64, sed and openssl.
enum BundleRecipe {
    /// What a person reads first.
    static func readme(of record: GenerationRecord) -> String {
        """
        # Evidence of \(record.id)

        Image `\(record.image)`, commit `\(record.commit.id.hex)`.

            sh verify.sh KEY.pub

        checks everything in here with `sha256sum`, `openssl` and `ssh-keygen` alone. `KEY.pub` is the public key (PEM, Ed25519) that you \
        trust, from where the writers of the store cannot reach it; name several where several signed. It must have signed how the \
        image was made, or that it was promoted. Those in `keys/` are what the store says of itself: without \
        an argument they are used, and prove only that the files belong together.

        | file | is |
        |---|---|
        | `SHA256SUMS` | the SHA-256 of every other file |
        | `documents/` | pipeline, lock, spec and verdict, as the bake read and found them |
        | `image/` | the image's manifest, whose SHA-256 is the image's name, and its configuration |
        | `statements/` | in-toto statements about the image: SLSA provenance, test result, SPDX, verification summaries; signed ones in DSSE envelopes |
        | `checkpoints/` | C2SP checkpoints of the ledger: name, length, root, and the SHA-256 of the last line; signed |
        | `policies/` | the policies under which that was promoted and signed, each named by its SHA-256 |
        | `signatures/` | what people signed with their SSH keys (approvals and the like), the signatures, who they say they are, and the \
        people of the policy that was in force then; `SIGNERS=FILE sh verify.sh KEY.pub` takes yours instead |
        | `ledger.jsonl` | lines of the ledger; each names the SHA-256 of the one before as `prev` |

        By hand: the signature of an envelope is over `DSSEv1 LENGTH TYPE LENGTH PAYLOAD` (the protocol of DSSE 1.0), the one of a \
        checkpoint over the lines before the empty one; its last 64 bytes are the Ed25519 signature.

        """
    }

    /// What a machine runs.
    static let script = #"""
        #!/bin/sh
        # Checks a bundle of evidence. Usage: sh verify.sh [KEY.pub ...]; the bundle's own keys where none is given.
        set -eu
        LC_ALL=C
        export LC_ALL
        given=
        for key in "$@"; do
            case $key in /*) ;; *) key=$PWD/$key ;; esac
            given="$given
        $key"
        done
        trusted=$given
        signers=${SIGNERS:-}
        case $signers in "" | /*) ;; *) signers=$PWD/$signers ;; esac
        cd "$(dirname "$0")"
        if [ -z "$given" ]; then
            echo "no key given: with the bundle's own keys, which prove only that the files belong together"
            for key in keys/*.pub; do [ ! -e "$key" ] || given="$given
        $key"; done
        fi
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        fail() { echo "FAILED  $*"; exit 1; }
        note() { echo "note    $*"; }
        raw() { openssl pkey -pubin -in "$1" -outform DER | tail -c 32; }
        hex() { od -An -v -tx1 | tr -d ' \n'; }
        sum() { sha256sum | cut -d' ' -f1; }
        # The name of a key in envelopes: the SHA-256 of its canonical JSON.
        name() {
            printf '{"keytype":"ed25519","keyval":{"public":"%s"},"scheme":"ed25519"}' "$(raw "$1" | hex)" | sum
        }
        printf '%s\n' "$given" | sed '/^$/d' >"$work/keys"
        while IFS= read -r key; do
            raw "$key" >/dev/null 2>&1 || fail "$key: no public key in PEM"
        done <"$work/keys"

        # verified FILE: whether a given key made the signature in $work/signature over the bytes in $work/message.
        verified() {
            while IFS= read -r key; do
                if openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$work/message" \
                    -sigfile "$work/signature" >/dev/null 2>&1; then
                    echo "ok      $1  signed by $key"
                    return 0
                fi
            done <"$work/keys"
            return 1
        }

        sha256sum --quiet -c SHA256SUMS || fail "a file is not what SHA256SUMS says"
        echo "ok      SHA256SUMS"
        image=
        [ ! -e image/manifest.json ] || image=$(sum <image/manifest.json)

        # What given keys vouch for: what they signed, and the lines of the ledger up to a checkpoint of theirs.
        : >"$work/vouched"
        : >"$work/policies"
        proofs=0
        summaries=
        for file in statements/*.json; do
            [ -e "$file" ] || continue
            payload=$(sed -n 's/.*"payload":"\([^"]*\)","payloadType".*/\1/p' "$file")
            if [ -n "$payload" ]; then
                type=$(sed -n 's/.*"payloadType":"\([^"]*\)".*/\1/p' "$file")
                printf %s "$payload" | base64 -d >"$work/payload"
                printf 'DSSEv1 %s %s %s ' "${#type}" "$type" "$(wc -c <"$work/payload" | tr -d ' ')" >"$work/message"
                cat "$work/payload" >>"$work/message"
                sed -n 's/.*"sig":"\([^"]*\)".*/\1/p' "$file" | base64 -d >"$work/signature"
                if ! verified "$file"; then
                    while IFS= read -r key; do
                        ! grep -q "\"keyid\":\"$(name "$key")\"" "$file" || fail "$file: $key did not sign this"
                    done <"$work/keys"
                    note "$file  signed by a key that was not given: it proves nothing"
                    continue
                fi
                # Of an image that was collected, what is signed says which it is.
                [ -n "$image" ] ||
                    image=$(sed -n 's/.*"subject":\[{"digest":{"sha256":"\([0-9a-f]*\)"}.*/\1/p' "$work/payload")
                case $(cat "$work/payload") in
                *'"predicateType":"https://slsa.dev/verification_summary/v1"'*)
                    proofs=$((proofs + 1))
                    summaries="$summaries$(cat "$work/payload")"
                    ;;
                *'"predicateType":"https://slsa.dev/provenance/v1"'*) proofs=$((proofs + 1)) ;;
                esac
                cat "$work/payload" >>"$work/vouched"
            else
                cp "$file" "$work/payload"
                note "$file  nobody signed it"
            fi
            [ -z "$image" ] || grep -q "\"subject\":\[{\"digest\":{\"sha256\":\"$image\"}" "$work/payload" ||
                fail "$file is not about the image"
        done

        if [ -n "$trusted" ] && [ "$proofs" = 0 ]; then
            fail "nothing that the given keys signed says how the image was made, or that it was promoted"
        fi

        heads=
        for file in checkpoints/*.txt; do
            [ -e "$file" ] || continue
            sed '/^$/,$d' "$file" >"$work/message"
            sed -n 's/^— [^ ]* //p' "$file" | base64 -d >"$work/note"
            tail -c 64 "$work/note" >"$work/signature"
            if ! verified "$file"; then
                # A note names its key by the first bytes of a SHA-256 over its own name and the key.
                while IFS= read -r key; do
                    short=$({ sed -n 's/^— \([^ ]*\) .*/\1/p' "$file"; printf '\001'; raw "$key"; } | sum | cut -c1-8)
                    [ "$short" != "$(head -c 4 "$work/note" | hex)" ] || fail "$file: $key did not sign this"
                done <"$work/keys"
                note "$file  signed by a key that was not given: it proves nothing"
                continue
            fi
            heads="$heads $(sed -n 2p "$file"):$(sed -n '4s/^sha256://p' "$file")"
        done

        rejected=
        covered=0
        if [ -e ledger.jsonl ]; then
            previous=
            seen=
            number=0
            while IFS= read -r line; do
                if [ -n "$previous" ]; then
                    case $line in
                    *"\"prev\":\"sha256:$previous\""*) ;;
                    *) fail "ledger.jsonl: a line does not follow the one before: $line" ;;
                    esac
                fi
                previous=$(printf %s "$line" | sum)
                number=$(printf %s "$line" | sed 's/.*"seq":\([0-9]*\),"subjects".*/\1/')
                first=${first:-$number}
                seen="$seen $number:$previous"
                case $summaries in *"$line"*) printf '%s\n' "$line" >>"$work/vouched" ;; esac
                # What the ledger says of the image besides: in a line, the body comes before the kind. What is signed names
                # images that did not move, too.
                case $line in *"\"image\":\"sha256:$image\""*) ;; *) continue ;; esac
                case $(printf %s "$line" | sed 's/"signed":{"signature":.*"time":"[^"]*"}}//') in
                *"\"image\":\"sha256:$image\""*'"kind":"rejection"'*) rejected="$rejected $number" ;;
                *"\"image\":\"sha256:$image\""*'"failed":0,'*'"kind":"test"'*) ;;
                *"\"image\":\"sha256:$image\""*'"kind":"test"'*) note "ledger.jsonl  entry $number is a test that FAILED" ;;
                *'"broken-glass":"'*"\"image\":\"sha256:$image\""*'"kind":"move"'* | \
                    *'"broken-glass":"'*"\"image\":\"sha256:$image\""*'"kind":"joint-move"'*)
                    note "ledger.jsonl  entry $number promoted it past its gates: GLASS BROKEN" ;;
                esac
            done <ledger.jsonl
            echo "ok      ledger.jsonl  every line names the one before"
            for head in $heads; do
                case " $seen " in
                *" $head "*) echo "ok      ledger.jsonl  entry ${head%%:*} is the one of the signed checkpoint" ;;
                *) fail "ledger.jsonl: entry ${head%%:*} is not the one of the signed checkpoint" ;;
                esac
                [ "${head%%:*}" -le "$covered" ] || covered=${head%%:*}
            done
            [ "$covered" = 0 ] || head -n $((covered - first + 1)) ledger.jsonl >>"$work/vouched"
            if [ -z "$trusted$given" ]; then
                cat ledger.jsonl >>"$work/vouched"
                note "ledger.jsonl  nobody signed it"
            elif [ "$covered" -lt "$number" ]; then
                [ "$covered" -ge "$first" ] && from=$((covered + 1)) || from=$first
                note "ledger.jsonl  no signed checkpoint covers entries $from to $number"
            fi
            note "ledger.jsonl  ends with entry $number: what was said later is not in here"
            [ -z "$rejected" ] || note "ledger.jsonl  entry$rejected: this image was REJECTED"
        fi

        # Everything else is named, by its SHA-256, by what is vouched for.
        if [ -e image/config.json ]; then
            grep -q "\"config\":{\"digest\":\"sha256:$(sum <image/config.json)\"" image/manifest.json ||
                fail "image/config.json is not the configuration that image/manifest.json names"
            echo "ok      image/config.json  named by image/manifest.json"
        fi
        for file in documents/*; do
            [ -e "$file" ] || continue
            if grep -q "$(sum <"$file")" "$work/vouched"; then
                echo "ok      $file  named by what is vouched for"
            elif [ -s "$work/vouched" ]; then
                fail "$file is named by nothing that is vouched for"
            else
                note "$file  nothing that is signed names it"
            fi
        done

        for file in policies/*.json; do
            [ -e "$file" ] || continue
            policy=${file#policies/}
            policy=${policy%.json}
            [ "$(sum <"$file")" = "$policy" ] || fail "$file is not the policy of that name"
            if grep -q "\"policy\":\"sha256:$policy\"" "$work/vouched"; then
                echo "ok      $file  named by what is vouched for"
                cat "$file" >>"$work/policies"
            else
                note "$file  nothing that is vouched for names it"
            fi
        done

        # escaped FILE: its text as JSON writes it.
        escaped() { sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g' "$1" | awk '{ printf "%s\\n", $0 }'; }

        for file in signatures/*.json; do
            [ -e "$file" ] || continue
            number=${file#signatures/}
            number=${number%.json}
            who=$(cat "${file%.json}.signer")
            action=$(sed -n 's/^{"action":"\([a-z]*\)".*/\1/p' "$file")
            people=${signers:-${file%.json}.allowed_signers}
            when=$(sed -n 's/.*"time":"\([^"]*\)"}$/\1/p' "$file" | tr -d ':-' | cut -c1-15 | tr -d T)
            TZ=UTC0 ssh-keygen -Y verify -f "$people" -I "$who" -n "$action.bake" -O "verify-time=$when" \
                -s "${file%.json}.sig" <"$file" >/dev/null 2>&1 || fail "$file is not signed by $who of $people"
            if [ -e ledger.jsonl ]; then
                line=$(grep "\"seq\":$number,\"subjects\"" ledger.jsonl) || fail "$file: ledger.jsonl has no entry $number"
                signature=$(escaped "${file%.json}.sig")
                case $line in
                *"\"signature\":\"$signature\",\"signer\":\"$who\",\"statement\":$(cat "$file")"*) ;;
                *) fail "$file is not what entry $number of ledger.jsonl says" ;;
                esac
            fi
            if [ -z "$signers" ] && ! grep -qF "$(escaped "$people" | sed 's/\\n$//')" "$work/policies"; then
                note "$people  who people are is the bundle's own word here: SIGNERS=FILE takes yours"
            fi
            about=
            grep -q "\"image\":\"sha256:$image\"" "$file" || about=", not about this image"
            echo "ok      $file  $action signed by $who of $people$about"
        done
        echo "everything holds${image:+ for image sha256:$image}${rejected:+, which was REJECTED}"

        """#
}
