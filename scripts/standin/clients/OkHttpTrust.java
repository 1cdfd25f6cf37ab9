// What the `okhttp` kind believes of a chain, and what it holds the keys in it to be.

import java.io.File;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Handshake;

final class OkHttpTrust {
    private OkHttpTrust() {}

    static X509TrustManager managerFor(File bundle) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = new FileInputStream(bundle)) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("anchor-" + number++, one);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }

    /** Whether any certificate holds the pin that the server sent, in whatever place. */
    static boolean servesThePin(SSLSession session) {
        try {
            for (Certificate one : session.getPeerCertificates()) {
                if (pinOf((X509Certificate) one).equals(OkHttpJob.text("pin", ""))) {
                    return true;
                }
            }
        } catch (SSLPeerUnverifiedException | CertificateException error) {
            return false;
        }
        return false;
    }

    /** Whether the leaf's key is the pinned one; an app that compares by itself looks at no more. */
    static boolean leafFits(Handshake handshake) {
        try {
            return pinOf((X509Certificate) handshake.peerCertificates().get(0)).equals(OkHttpJob.text("pin", ""));
        } catch (CertificateException error) {
            return false;
        }
    }

    private static String pinOf(X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
            return Base64.getEncoder().encodeToString(digest);
        } catch (java.security.NoSuchAlgorithmException error) {
            throw new CertificateException(error);
        }
    }

    /** Trusts what the device trusts, and then only a chain that holds the pin: inside the handshake. */
    static final class PinningManager implements X509TrustManager {
        private final X509TrustManager device;
        private final String pin;

        PinningManager(X509TrustManager device, String pin) {
            this.device = device;
            this.pin = pin;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            device.checkServerTrusted(chain, type);
            for (X509Certificate element : chain) {
                if (pinOf(element).equals(pin)) {
                    return;
                }
            }
            throw new CertificateException("no pin matches");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return device.getAcceptedIssuers();
        }
    }

    static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
