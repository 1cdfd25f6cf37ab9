// The process behind the `okhttp` kind: attempts one after the other, one JSON line each.

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

public final class OkHttpClientProgram {
    private static final IntPredicate ALWAYS = number -> true;

    /** Techniques that pin by CertificatePinner, and at which attempts, counted from one. */
    private static final Map<String, IntPredicate> PINS =
            Map.of(
                    "pin", ALWAYS,
                    "fallback", ALWAYS,
                    "fallback-host", ALWAYS,
                    "fallback-port", ALWAYS,
                    "storms", ALWAYS,
                    "relents", number -> number <= times(),
                    "hardens", number -> number > times(),
                    "two-clients", number -> number % 2 == 1);

    private static String technique;

    public static void main(String[] arguments) throws Exception {
        OkHttpJob.read(arguments);
        technique = OkHttpJob.text("technique", "none");
        int tries = technique.equals("storms") ? 1 + times() : 1;
        int attempts = OkHttpJob.whole("attempts", 1);
        for (int number = 1; number <= attempts; number++) {
            if (number > 1) {
                Thread.sleep(OkHttpJob.millis("pause_s", 0));
            }
            for (int made = 0; made < tries; made++) {
                if (!attempt(number)) {
                    break;
                }
            }
        }
        System.exit(0);
    }

    private static int times() {
        return OkHttpJob.whole("times", 3);
    }

    /** Whether it was refused. */
    private static boolean attempt(int number) {
        String now = technique;
        if (PINS.containsKey(technique)) {
            now = PINS.get(technique).test(number) ? "pin" : "none";
        }
        OkHttpReport report = new OkHttpReport();
        OkHttpClient.Builder builder = OkHttpStack.builder(now);
        if (technique.equals("reports")) {
            builder.addNetworkInterceptor(report);
        }
        OkHttpClient client = builder.build();
        try {
            String told = ask(client);
            return say("response", "response", told, report.sent() ? ", \"report\": " + report.status : "");
        } catch (SSLPeerUnverifiedException error) {
            OkHttpStack.letGo(client);
            String elsewhere = fallback();
            int status = elsewhere.isEmpty() ? 0 : statusOf(new Request.Builder().url(elsewhere).build());
            return say("refused", "check", error.getMessage(), elsewhere.isEmpty() ? "" : ", \"fallback\": " + status);
        } catch (SSLHandshakeException error) {
            boolean ours = false;
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                ours |= cause instanceof CertificateException;
            }
            return say(ours ? "refused" : "failed", "handshake", error.getMessage(), "");
        } catch (SSLException error) {
            return say("failed", "handshake", error.toString(), "");
        } catch (IOException error) {
            boolean proxy = String.valueOf(error.getMessage()).contains("CONNECT");
            return say("failed", proxy ? "proxy" : "request", error.toString(), "");
        } finally {
            OkHttpStack.letGo(client);
        }
    }

    /** Asks `keep` times, all on the connection that the pool keeps. */
    private static String ask(OkHttpClient client) throws IOException {
        String url = OkHttpJob.url("https", OkHttpJob.text("host", ""), OkHttpJob.whole("port", 443));
        Request request = new Request.Builder().url(url).build();
        String told = "";
        for (int number = 0; number < OkHttpJob.whole("keep", 1); number++) {
            try (Response response = client.newCall(request).execute()) {
                response.body().bytes();
                told = "HTTP " + response.code() + " " + response.protocol();
                if (technique.equals("leaks") && !OkHttpTrust.leafFits(response.handshake())) {
                    throw new SSLPeerUnverifiedException("the leaf's key is not the pinned one: seen after the answer");
                }
            }
        }
        return told;
    }

    /** Where the same is asked for, without any pin, after a refusal; nothing if it is nowhere. */
    private static String fallback() {
        String host = OkHttpJob.text("host", "");
        int port = OkHttpJob.whole("other_port", 443);
        switch (technique) {
            case "fallback":
                return OkHttpJob.url("http", host, 80);
            case "fallback-host":
                return OkHttpJob.url("https", OkHttpJob.text("other_host", ""), port);
            case "fallback-port":
                return OkHttpJob.url("https", host, port);
            default:
                return "";
        }
    }

    /** Of the answer to a request on a connection of its own, without any pin; 0 where none came. */
    static int statusOf(Request request) {
        OkHttpClient client = OkHttpStack.builder("none").build();
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
            return response.code();
        } catch (IOException error) {
            return 0;
        } finally {
            OkHttpStack.letGo(client);
        }
    }

    /** Prints one attempt's line; `more` is further members of its JSON. */
    private static boolean say(String result, String stage, String detail, String more) {
        String line = OkHttpReport.quoted(String.valueOf(detail).split("\n")[0]);
        System.out.println(
                "{\"result\": \"" + result + "\", \"stage\": \"" + stage + "\", \"detail\": " + line + more + "}");
        return result.equals("refused");
    }
}
