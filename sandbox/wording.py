"""The words of the sandbox's press: stories about the institution, traps that only look like it, and everything else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

FOLDED = str.maketrans("İIıĞğÜüŞşÖöÇçÂâÎîÛû’‘", "iiigguussooccaaiiuu''")
ASCII = str.maketrans("İıĞğÜüŞşÖöÇçÂâÎîÛû’“”", 'IiGgUuSsOoCcAaIiUu\'""')


@dataclass(frozen=True, slots=True)
class Wording:
    """A headline and its summary, and what is true of them."""

    title: str
    summary: str
    status: str = "counted"
    match_in: str = "title"


def fold(text: str) -> str:
    """Lower case without Turkish letters, one blank between words."""
    plain = unicodedata.normalize("NFC", text).translate(FOLDED).lower()
    return " ".join(plain.split())


def upper(text: str) -> str:
    """Capitals as Turkish has them."""
    return text.replace("i", "İ").replace("ı", "I").upper()


def ascii_typed(text: str) -> str:
    """As typed on a keyboard without Turkish letters."""
    return text.translate(ASCII)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:60]


STORIES: tuple[Wording, ...] = (
    Wording(
        "Örnek Belediyesi’nden öğrencilere kırtasiye desteği",
        "Örnek Belediyesi, ilçedeki 4 bin öğrenciye kırtasiye paketi dağıttı. Paketler okullarda törenle teslim edildi.",
    ),
    Wording(
        "Başkan Ayşe Yılmaz: Kentsel dönüşümde yeni etap başlıyor",
        "Örnek Belediye Başkanı Ayşe Yılmaz, Cumhuriyet Mahallesi’ndeki üçüncü etabı tanıttı. Yıkımlar bahar aylarında başlayacak.",
    ),
    Wording(
        "Örnek Belediyesi’nin yeni kütüphanesi kapılarını açtı",
        "Örnek Belediyesi tarafından yaptırılan 900 kişilik kütüphane hizmete girdi. Kütüphane günün her saati açık olacak.",
    ),
    Wording(
        "Park şenliğinde binlerce çocuk uçurtma uçurdu",
        "Örnek Belediyesi’nin düzenlediği şenlik renkli görüntülere sahne oldu. Çocuklar gün boyunca uçurtmalarıyla yarıştı.",
        match_in="summary",
    ),
    Wording(
        "Sokak hayvanları için Örnek Belediyesi ekipleri seferber",
        "Soğuk havada sokak hayvanlarına mama bırakıldı. Örnek Belediyesi ekipleri yüz ayrı noktaya kulübe yerleştirdi.",
    ),
    Wording(
        "Örnek Belediyesi ücretsiz yazılım kurslarına kayıt alıyor",
        "Gençlik merkezindeki kurslara Örnek Belediyesi internet sitesinden başvurulabilecek. Dersler hafta sonları verilecek.",
    ),
    Wording(
        "Asfalt seferberliği gece gündüz sürüyor",
        "Örnek Belediyesi Fen İşleri Müdürlüğü on iki caddede çalışıyor. Sürücülerin alternatif güzergâhları kullanması istendi.",
        match_in="summary",
    ),
    Wording(
        "Örnek Belediye Başkanı Ayşe Yılmaz esnafla kahvaltıda buluştu",
        "Çarşı esnafının taleplerini dinleyen Örnek Belediye Başkanı Ayşe Yılmaz, otopark sorununun çözüleceğini söyledi. "
        "Buluşmaya oda başkanları da katıldı.",
    ),
    Wording(
        "İftar çadırları kuruldu, Örnek Belediyesi 5 bin kişilik sofra açtı",
        "Ramazan boyunca her akşam beş ayrı meydanda sofra kurulacak. Örnek Belediyesi gönüllü çağrısı da yaptı.",
    ),
    Wording(
        "Sıfır atıkta rekor: Örnek Belediyesi’ne ödül",
        "Geri dönüşüm oranını iki katına çıkaran Örnek Belediyesi, Ankara’daki törende ödülünü aldı. Toplanan atık 30 bin tonu buldu.",
    ),
    Wording(
        "Örnek Belediyesi’nden kadın girişimcilere stant",
        "El emeği ürünler kent meydanında satılıyor. Örnek Belediyesi stantlardan kira almayacak.",
    ),
    Wording(
        "Dere ıslahı tamamlandı, taşkın riski azaldı",
        "İSKİ ile Örnek Belediyesi’nin ortak yürüttüğü ıslah çalışması bitti. Dere yatağı üç metre genişletildi.",
        match_in="summary",
    ),
    Wording(
        "Örnek Belediyesi meclisinde bütçe oy birliğiyle geçti",
        "Yeni yıl bütçesi 2 milyar 400 milyon lira olarak kabul edildi. Örnek Belediyesi meclisi kasım oturumunu tamamladı.",
    ),
    Wording(
        "Yaşlılara evde bakım: Örnek Belediyesi’nin sağlık otobüsü mahallelerde",
        "Doktor ve hemşirelerden oluşan ekip haftada altı gün ev ziyareti yapıyor. Örnek Belediyesi randevuları telefonla veriyor.",
    ),
    Wording(
        "Örnek Belediyesi tiyatro günlerinde on iki oyun sahnelenecek",
        "Biletler bu hafta satışa çıkıyor. Örnek Belediyesi Kültür Müdürlüğü oyunların ücretsiz olacağını duyurdu.",
    ),
    Wording(
        "Şehitler için mevlit okutuldu",
        "Örnek Belediye Başkanı Ayşe Yılmaz şehit aileleriyle bir araya geldi. Program dua ile sona erdi.",
        match_in="summary",
    ),
    Wording(
        "Örnek Belediyesi zabıtasından fırınlara gramaj denetimi",
        "Eksik gramajlı ekmek satan yedi fırına ceza kesildi. Örnek Belediyesi zabıtası denetimlerin süreceğini bildirdi.",
    ),
    Wording(
        "Emekliler lokali yenilendi, açılışı Başkan Ayşe Yılmaz yaptı",
        "Lokalde çay 5 liradan satılacak. Örnek Belediyesi aynı gün iki lokal daha açacak.",
    ),
    Wording(
        "Kar yağışına karşı Örnek Belediyesi alarmda: 60 araç hazır",
        "Meteorolojinin uyarısının ardından tuzlama araçları ana arterlere yerleştirildi. Örnek Belediyesi 7/24 çağrı alacak.",
    ),
    Wording(
        "Amatör kulüplere malzeme yardımı yapıldı",
        "Örnek Belediyesi, ilçedeki otuz amatör kulübe top ve forma verdi. Kulüp başkanları teşekkür plaketi sundu.",
        match_in="summary",
    ),
    Wording(
        "Örnek Belediyesi’nden engelsiz taksi uygulaması",
        "Tekerlekli sandalye kullananlar aracı bir gün önceden ücretsiz çağırabilecek. Örnek Belediyesi beş araç aldı.",
    ),
    Wording(
        "Mahalle muhtarları yatırım planını Örnek Belediyesi’nde görüştü",
        "Toplantıda yirmi mahallenin talepleri tek tek ele alındı. Örnek Belediyesi yatırım takvimini internetten yayımlayacak.",
    ),
    Wording(
        "Bisiklet yolu sahile ulaştı",
        "Örnek Belediyesi’nce yapılan dokuz kilometrelik yol kullanıma açıldı. Yol boyunca tamir istasyonları bulunuyor.",
        match_in="summary",
    ),
    Wording(
        "Nikâh salonuna yoğun ilgi: Örnek Belediyesi günde kırk nikâh kıyıyor",
        "Özel günlerde randevular aylar öncesinden doluyor. Örnek Belediyesi ikinci bir salon için ihale açtı.",
    ),
    Wording(
        "Örnek Belediyesi tarihî çeşmeleri onarıyor",
        "On sekizinci yüzyıldan kalma dört çeşmeye yeniden su verildi. Örnek Belediyesi envanter çalışmasını da bitirdi.",
    ),
    Wording(
        "Deprem konteynerleri parklara yerleştirildi",
        "Örnek Belediyesi arama kurtarma ekibi konteynerlerin anahtarlarını mahalle gönüllülerine verdi. Tatbikat ay sonunda.",
        match_in="summary",
    ),
    Wording(
        "Genç sporcular için Örnek Belediyesi’nden yüzme havuzu",
        "Yarı olimpik havuzun temeli atıldı. Örnek Belediyesi tesisi on sekiz ayda bitirmeyi hedefliyor.",
    ),
    Wording(
        "Pazar yerlerinde dijital terazi dönemi",
        "Tartı şikâyetleri üzerine Örnek Belediyesi pazarcılara mühürlü terazi dağıttı. Uygulama altı pazarda başladı.",
        match_in="summary",
    ),
    Wording(
        "Örnek Belediyesi’nde toplu sözleşme imzalandı",
        "İşçilere yüzde kırk zam yapıldı. Örnek Belediyesi ile sendika arasındaki görüşmeler üç ay sürmüştü.",
    ),
    Wording(
        "Fidan dikme kampanyasında hedef yüz bin ağaç",
        "Kampanyayı Örnek Belediyesi ile orman müdürlüğü yürütüyor. Hafta sonu binlerce kişi hatıra ormanında buluştu.",
        match_in="summary",
    ),
)

TRAPS: tuple[Wording, ...] = (
    Wording("Örnekspor deplasmanda üç puanı aldı", "Örnekspor ligin 18. haftasında rakibini 2-1 yendi.", "none", ""),
    Wording(
        "Örnek Belediyesi Şehir Stadı’nda gol düellosu", "Örnek Belediyesi Şehir Stadı’ndaki maçta altı gol vardı.", "excluded"
    ),
    Wording("Örnek’te zincirleme kaza: 3 yaralı", "Kaza sabah saatlerinde sahil yolunda meydana geldi.", "review"),
    Wording(
        "İcra ilanı: taşınmaz açık artırma ilanı",
        "Örnek Belediyesi emlak beyanına kayıtlı taşınmazın icra dairesince satış ilanı.",
        "excluded",
        "summary",
    ),
    Wording("Akademisyenler örnek belediyecilik modellerini tartıştı", "Panelde örnek belediyecilik anlatıldı.", "review"),
    Wording("Başkan Yılmaz transfer için konuştu", "Kulüp başkanı Yılmaz iki oyuncuyla anlaştıklarını söyledi.", "none", ""),
    Wording("Örnek Belediyespor sezonu galibiyetle açtı", "Örnek Belediyespor sahasında rakibini 3-0 yendi.", "excluded"),
)

FILLERS: tuple[Wording, ...] = (
    Wording("Borsa güne {n} puanlık artışla başladı", "Endeks ilk yarım saatte yükselişini sürdürdü."),
    Wording("Altının gramı {n} lirayı gördü", "Uzmanlar yatırımcıya temkin çağrısı yaptı."),
    Wording("Meteoroloji {n} ilçe için sarı uyarı verdi", "Kuvvetli sağanak öğleden sonra etkili olacak."),
    Wording("Otoyolda {n} araçlık konvoy oluştu", "Bayram dönüşü trafik yoğunluğu yaşandı."),
    Wording("Süper Lig’de {n}. randevu: Derbide kazanan çıkmadı", "Gol düellosu 2-2 bitti."),
    Wording("{n} öğretmen adayı atama bekliyor", "Bakanlık takvimi önümüzdeki hafta açıklayacak."),
    Wording("Müzede {n} eser ilk kez sergileniyor", "Sergi yaz sonuna kadar açık kalacak."),
    Wording("Çay fiyatına {n} kuruş zam", "Üretici yeni fiyattan memnun kalmadı."),
    Wording("Kısa film yarışmasına {n} başvuru", "Jüri finalistleri ay sonunda duyuracak."),
    Wording("Balıkçılar ağlarına {n} kilo palamut taktı", "Tezgâhlarda fiyatlar düştü."),
)
